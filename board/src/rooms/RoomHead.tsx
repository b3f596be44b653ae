interface RoomHeadProps {
  readonly code: string;
  readonly name: string;
  /** Undefined where the room has nothing to unfold. */
  readonly isOpen: boolean | undefined;
}

/** The name of a room: a button where it unfolds. */
export function RoomHead({ code, name, isOpen }: RoomHeadProps) {
  if (isOpen === undefined) return <span className="rooms-name">{name}</span>;
  return (
    <button
      type="button"
      id={roomButtonId(code)}
      aria-expanded={isOpen}
      aria-controls={`${roomButtonId(code)}-details`}
    >
      {name}
    </button>
  );
}

export function roomButtonId(code: string): string {
  return `room-${code}`;
}
