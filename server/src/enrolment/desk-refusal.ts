/** A person is told no by one of these. */
export type DeskRefusal<R extends string> = {
  readonly kind: 'refused';
  readonly because: R;
  readonly detail: string;
};

export function no<R extends string>(because: R, detail: string): DeskRefusal<R> {
  return { kind: 'refused', because, detail };
}
