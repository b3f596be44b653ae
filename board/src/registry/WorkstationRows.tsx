import { duties, roles } from '@ppe-pulse/protocol';
import { RowInput } from './RowInput.tsx';
import { nextId, type SiteDraft, type WorkstationDraft } from './site-draft.ts';
import type { Mistakes } from './use-site-edit.ts';
import { useRegistryWords } from './use-registry-words.ts';

interface WorkstationRowsProps {
  readonly draft: SiteDraft;
  readonly mistakes: Mistakes;
  readonly onChange: (workstations: readonly WorkstationDraft[]) => void;
}

/** The planned workstations of a site, counted by room, role and duty. */
export function WorkstationRows({ draft, mistakes, onChange }: WorkstationRowsProps) {
  const { own } = useRegistryWords();
  const { workstations } = draft;
  const change = (id: number, part: Partial<WorkstationDraft>): void =>
    onChange(workstations.map((each) => (each.id === id ? { ...each, ...part } : each)));
  const add = (): void =>
    onChange([
      ...workstations,
      {
        id: nextId(workstations),
        roomCode: draft.rooms[0]?.roomCode ?? '',
        role: 'organizer',
        duty: 'main',
        count: '1',
      },
    ]);
  return (
    <div className="scroll">
      <table className="row-table" data-testid="workstation-rows">
        <caption>{own.workstations}</caption>
        <thead>
          <tr>
            <th scope="col">{own.room}</th>
            <th scope="col">{own.role}</th>
            <th scope="col">{own.duty}</th>
            <th scope="col">{own.count}</th>
            <td />
          </tr>
        </thead>
        <tbody>
          {workstations.map((each, at) => (
            <WorkstationRow
              key={each.id}
              of={each}
              row={at + 1}
              mistakes={mistakes}
              onChange={(part) => change(each.id, part)}
              onRemove={() => onChange(workstations.filter(({ id }) => id !== each.id))}
            />
          ))}
        </tbody>
      </table>
      <button type="button" onClick={add}>
        {own.addWorkstation}
      </button>
    </div>
  );
}

interface WorkstationRowProps {
  readonly of: WorkstationDraft;
  readonly row: number;
  readonly mistakes: Mistakes;
  readonly onChange: (part: Partial<WorkstationDraft>) => void;
  readonly onRemove: () => void;
}

function WorkstationRow({ of, row, mistakes, onChange, onRemove }: WorkstationRowProps) {
  const { own, domain } = useRegistryWords();
  const name = `${own.row(row)}, ${of.roomCode}`;
  const field = (id: 'roomCode' | 'count', title: string) => (
    <td>
      <RowInput
        label={`${title}, ${name}`}
        value={of[id]}
        place={{ table: 'workstations', row, field: id }}
        mistakes={mistakes}
        onChange={(value) => onChange({ [id]: value })}
      />
    </td>
  );
  return (
    <tr>
      {field('roomCode', own.room)}
      <td>
        <select
          aria-label={`${own.role}, ${name}`}
          value={of.role}
          onChange={({ target }) => {
            const role = roles.find((each) => each === target.value);
            if (role) onChange({ role });
          }}
        >
          {roles.map((role) => (
            <option key={role} value={role}>
              {domain.roles[role]}
            </option>
          ))}
        </select>
      </td>
      <td>
        <select
          aria-label={`${own.duty}, ${name}`}
          value={of.duty}
          onChange={({ target }) =>
            onChange({ duty: target.value === 'reserve' ? 'reserve' : 'main' })
          }
        >
          {duties.map((duty) => (
            <option key={duty} value={duty}>
              {own.duties[duty]}
            </option>
          ))}
        </select>
      </td>
      {field('count', own.count)}
      <td>
        <button type="button" aria-label={`${own.remove}: ${name}`} onClick={onRemove}>
          ✕
        </button>
      </td>
    </tr>
  );
}
