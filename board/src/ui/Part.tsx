import { Component, Suspense, type ReactNode } from 'react';
import { useWords } from '../text/texts.ts';

/** What failed is tried again after this. */
const AGAIN_MS = 60_000;

interface PartProps {
  /** In its place until it is loaded. */
  readonly fallback?: ReactNode;
  /** What is shown here, such as the address: another one is tried anew. */
  readonly of?: string;
  readonly children: ReactNode;
}

/**
 * A part of a page that is loaded later. One that cannot be loaded, as after an update of the collector,
 * or that fails, says so in its place with a way out; the rest of the page goes on.
 */
export function Part({ fallback = null, of = '', children }: PartProps) {
  return (
    <FailedPart of={of}>
      <Suspense fallback={fallback}>{children}</Suspense>
    </FailedPart>
  );
}

interface FailedPartProps {
  readonly of: string;
  readonly children: ReactNode;
}

interface FailedPartState {
  readonly of: string;
  readonly isFailed: boolean;
}

class FailedPart extends Component<FailedPartProps, FailedPartState> {
  #again: ReturnType<typeof setTimeout> | undefined;
  override state: FailedPartState = { of: this.props.of, isFailed: false };

  static getDerivedStateFromError(): Pick<FailedPartState, 'isFailed'> {
    return { isFailed: true };
  }

  static getDerivedStateFromProps(
    { of }: FailedPartProps,
    state: FailedPartState,
  ): FailedPartState | null {
    return of === state.of ? null : { of, isFailed: false };
  }

  /** A wall has nobody who presses: what failed of one frame is tried again with a later one. */
  override componentDidCatch(): void {
    clearTimeout(this.#again);
    this.#again = setTimeout(() => this.setState({ isFailed: false }), AGAIN_MS);
  }

  override componentWillUnmount(): void {
    clearTimeout(this.#again);
  }

  override render(): ReactNode {
    return this.state.isFailed ? <ReloadNotice /> : this.props.children;
  }
}

function ReloadNotice() {
  const { page } = useWords();
  return (
    <div className="part-failed" role="alert">
      <p>{page.partFailed}</p>
      <button type="button" onClick={() => window.location.reload()}>
        {page.reload}
      </button>
    </div>
  );
}
