import { useRegistryWords } from './use-registry-words.ts';

const tables = ['flat', 'sites', 'rooms', 'workstations'] as const;

/** Tables to fill in. */
export function Templates() {
  const { own } = useRegistryWords();
  return (
    <p className="templates">
      {own.templates}:{' '}
      <a href="/api/v1/registry/template.xlsx" download="registry.xlsx">
        {own.templateXlsx}
      </a>
      {tables.map((table) => (
        <a
          key={table}
          href={`/api/v1/registry/template.csv?table=${table}`}
          download={`${table}.csv`}
        >
          {own.templateCsv[table]}
        </a>
      ))}
    </p>
  );
}
