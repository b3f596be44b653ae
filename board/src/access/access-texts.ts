import { useSignInWords, type SignInWords } from '../sign-in/use-sign-in-words.ts';
import type { Plural } from '../text/page-texts.ts';
import { accessEn } from './access-en.ts';
import { accessRu } from './access-ru.ts';
import type { DisplayAnswer } from './access-shapes.ts';
import type { ViewId } from './wall-views.ts';

/** Words of the page of access. */
export interface AccessTexts {
  readonly title: string;
  readonly notYours: string;
  readonly loadFailed: string;
  readonly accounts: string;
  readonly accountsHint: string;
  readonly account: string;
  readonly accountRule: string;
  readonly role: string;
  readonly scope: string;
  readonly wholeRegion: string;
  readonly municipality: string;
  readonly site: string;
  readonly siteRule: string;
  readonly choose: string;
  readonly state: string;
  readonly works: string;
  readonly disabled: string;
  readonly noPassword: string;
  readonly withCode: string;
  readonly sessions: Plural;
  readonly nobodyIn: string;
  readonly lastSignIn: string;
  readonly never: string;
  readonly actions: string;
  readonly add: string;
  readonly edit: string;
  readonly save: string;
  readonly create: string;
  readonly cancel: string;
  readonly disable: string;
  readonly disableHint: string;
  readonly newLink: string;
  readonly newLinkReally: string;
  readonly newLinkHint: string;
  readonly remove: string;
  readonly removeReally: string;
  readonly leave: string;
  readonly link: {
    readonly ofAccount: (account: string) => string;
    readonly ofDisplay: (name: string) => string;
    readonly once: string;
    readonly until: (time: string) => string;
    readonly bind: string;
    readonly copy: string;
    readonly copied: string;
    readonly notCopied: string;
    readonly done: string;
    readonly doneReally: string;
  };
  readonly displays: string;
  readonly displaysHint: string;
  readonly noDisplays: string;
  readonly name: string;
  readonly nameHint: string;
  readonly until: string;
  readonly view: string;
  readonly views: Readonly<Record<ViewId, string>>;
  readonly otherView: string;
  readonly created: string;
  readonly lastSeen: string;
  readonly addDisplay: string;
  readonly revoke: string;
  readonly revokeReally: string;
  readonly displayStates: Readonly<Record<DisplayAnswer['state'], string>>;
}

export interface AccessWords extends SignInWords {
  readonly own: AccessTexts;
}

export function useAccessWords(): AccessWords {
  const words = useSignInWords();
  return { ...words, own: words.language === 'ru' ? accessRu : accessEn };
}
