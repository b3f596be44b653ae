import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkTemplate } from '../../server/src/alerts/formats/check-template.ts';
import { formatOf } from '../../server/src/alerts/formats/catalogue.ts';
import { messageOf } from '../../server/src/alerts/formats/message.ts';
import { messageText } from '../../server/src/alerts/formats/message-text.ts';
import { templateVariables } from '../../server/src/alerts/formats/template-variables.ts';
import { alertKinds } from '../../server/src/alerts/alert.ts';
import {
  alertContext,
  alertEvent,
  alertWebhook,
  cutProvider,
  jammedPrinter,
} from '../support/alert-samples.ts';

function telegram(template: string, event = alertEvent('opened')): string {
  const webhook = alertWebhook('telegram', { template });
  const outgoing = formatOf('telegram').make(event, webhook, alertContext);
  if (outgoing.kind !== 'http') throw new Error('no request');
  return (JSON.parse(outgoing.body) as { text: string }).text;
}

function chat(format: 'slack' | 'mattermost', template: string, provider: string): string {
  const event = alertEvent('opened', cutProvider({ provider }));
  const outgoing = formatOf(format).make(event, alertWebhook(format, { template }), alertContext);
  if (outgoing.kind !== 'http') throw new Error('no request');
  return (JSON.parse(outgoing.body) as { text: string }).text;
}

describe('a template of one’s own', () => {
  it('says it in the receiver’s words', () => {
    const template =
      '{% if marks != "" %}[{{ marks }}] {% endif %}{{ severity | upcase }}: {{ title }}\n' +
      '{{ reach }}, {{ kind }} {{ openedAt }}{% if resolvedAt != "" %}–{{ resolvedAt }}{% endif %}, {{ duration }}\n' +
      '{% for each in digest %}- {{ each.line }}\n{% endfor %}{{ url }} {{ incident.id }}';
    expect(checkTemplate(template, 'ru')).toBeUndefined();
    expect(telegram(template)).toBe(
      'КРИТИЧНО: Провайдер «Связь-1»: нет сигнала\n' +
        '14 ППЭ, 238 рабочих мест, открыт 09:20, 1 мин 30 с\n' +
        'https://pulse.example.org/incidents/i-17 i-17',
    );
    expect(telegram(template, alertEvent('drill'))).toMatch(/^\[УЧЕБНАЯ ТРЕВОГА\] КРИТИЧНО: /);
  });

  it('has the default text to build upon', () => {
    const plain = formatOf('telegram').make(
      alertEvent('opened'),
      alertWebhook('telegram'),
      alertContext,
    );
    const text = plain.kind === 'http' && (JSON.parse(plain.body) as { text: string }).text;
    expect(telegram('{{ text }}\nТел. 100')).toBe(`${String(text)}\nТел. 100`);
  });

  it.each([
    ['{{ title }}\n{{ tilte }}', 'строка 2: нет переменной tilte'],
    ['{{ incident.pasword }}', 'строка 1: нет переменной incident.pasword'],
    ['{{ title | shout }}', 'строка 1: нет фильтра shout'],
    ['{{ title | raw }}', 'строка 1: нет фильтра raw'],
    ['\n\n{% if drill %}x', 'строка 3: не закрыто: {% if drill %}'],
    ['{{ title', 'строка 1: не закрыто: "{{ title"'],
    ['{% include "/etc/passwd" %}', 'строка 1: нет тега include'],
    ['{% render "x" %}', 'строка 1: нет тега render'],
    ['{% layout "x" %}', 'строка 1: нет тега layout'],
    ['{% capture x %}y{% endcapture %}', 'строка 1: нет тега capture'],
    ['{{ title.constructor }}', 'строка 1: нет переменной title.constructor'],
    ['{{ incident.__proto__ }}', 'строка 1: нет переменной incident.__proto__'],
    ['{% for i in (1..9999999) %}a{% endfor %}', 'строка 1: слишком долго или слишком длинно'],
    [
      '{% for i in (1..9000) %}{{ headline }}{% endfor %}',
      'строка 1: слишком долго или слишком длинно',
    ],
    [
      '{% assign a = "xxxxxxxxxx" %}{% for i in (1..40) %}{% assign a = a | append: a %}{% endfor %}{{ a }}',
      'строка 1: слишком долго или слишком длинно',
    ],
    [
      '{% for a in (1..400) %}{% for b in (1..400) %}{% assign c = b %}{% endfor %}{% endfor %}x',
      'строка 1: слишком долго или слишком длинно',
    ],
    ['{% if drill %}только учебные{% endif %}', 'сообщение выходит пустым'],
    ['{{ }}', expect.stringMatching(/^строка 1: ошибка записи: /)],
  ])('with a mistake is refused by line: %j', (template, problem) => {
    expect(checkTemplate(template, 'ru')).toEqual(problem);
  });

  it('has room for every line of the longest digest', () => {
    const digest = Array.from({ length: 500 }, (_, at) => jammedPrinter({ id: `i-${at + 1}` }));
    const template = `{{ headline }}
{% for each in digest %}{% if each.severityId == "critical" %}!{% else %}-{% endif %} {{ each.id }}
{% endfor %}`;
    const event = alertEvent('digest', jammedPrinter(), { digest });
    const { rest, isOwn } = messageText(
      event,
      { language: 'ru', template },
      alertContext,
      (text) => text,
    );
    expect(isOwn).toBe(true);
    expect(rest.split('\n')).toHaveLength(500);
  });

  it('is tried with every kind of event', () => {
    const template = '{{ title }}{% if kindId == "folded" %}{{ nobody }}{% endif %}';
    expect(checkTemplate(template, 'en')).toBe('line 1: there is no variable nobody');
  });

  it('that does not work at the moment is told of, and the alert is told all the same', () => {
    const text = telegram('{{ tilte }}');
    expect(text).toMatch(/^КРИТИЧНО · открыт · Провайдер «Связь-1»: нет сигнала · /);
    expect(text).toMatch(/\nШаблон получателя не сработал: строка 1: нет переменной tilte$/);
  });

  it('may use markup, and names in it are still text, also behind filters', () => {
    const evil = '<!channel> @here **x**';
    for (const template of [
      '*{{ title }}*',
      '*{{ title | downcase }}*',
      '*{% assign a = title | append: "!" %}{{ a }}*',
      '*{% echo title %}*',
      '*{{ title | split: " " | join: " " }}*',
    ]) {
      expect(checkTemplate(template, 'ru')).toBeUndefined();
      const slack = chat('slack', template, evil);
      expect(slack).toMatch(/^\*.*\*$/);
      expect(slack).not.toContain('<!channel>');
      expect(slack).toContain('&lt;!channel&gt;');
      const mattermost = chat('mattermost', template, evil);
      expect(mattermost).not.toMatch(/@here|<!|(?<!\\)\*x/);
    }
  });

  it('sees only what an event is about', () => {
    const webhook = alertWebhook('telegram', { template: '{{ text }}' });
    const values = templateVariables(
      alertEvent('opened'),
      messageOf(alertEvent('opened'), 'ru', alertContext),
      { language: 'ru', context: alertContext },
    );
    expect(JSON.stringify(values)).not.toContain(webhook.secrets['token']);
    expect(JSON.stringify(values)).not.toContain('acknowledgedBy');
  });
});

describe('variables of templates', () => {
  const namesOf = (value: object, before = ''): string[] =>
    Object.entries(value).flatMap(([name, each]) => {
      const whole = `${before}${name}`;
      if (Array.isArray(each))
        return typeof each[0] === 'object' ? namesOf(each[0] as object, `${whole}[].`) : [whole];
      return typeof each === 'object' ? namesOf(each as object, `${whole}.`) : [whole];
    });
  const variables = (kind: (typeof alertKinds)[number]): string[] => {
    const event = alertEvent(kind, jammedPrinter(), { digest: [cutProvider()] });
    const message = messageOf(event, 'en', alertContext);
    return namesOf(templateVariables(event, message, { language: 'en', context: alertContext }));
  };

  it('are the same for every kind of event', () => {
    for (const kind of alertKinds) expect(variables(kind)).toEqual(variables('opened'));
  });

  it('are all in docs/webhooks.md, and none besides', () => {
    const text = readFileSync(join(import.meta.dirname, '../../docs/webhooks.md'), 'utf8');
    const section = /## Templates\n(.*?)\n## /s.exec(text)?.[1] ?? '';
    const listed = [...section.matchAll(/^\| (`[^|]+`)\s*\|/gm)].flatMap((row) =>
      [...(row[1] ?? '').matchAll(/`([^`]+)`/g)].map((found) => found[1] ?? ''),
    );
    expect(listed.sort()).toEqual(variables('opened').sort());
  });
});
