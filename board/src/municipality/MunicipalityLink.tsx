import { Link } from 'wouter';

/** A municipality by name; its page, where the registry knows it by a slug. */
export function MunicipalityLink({ slug, name }: { readonly slug: string; readonly name: string }) {
  if (slug === '') return <span>{name}</span>;
  return (
    <Link href={`/municipalities/${encodeURIComponent(slug)}`} className="municipality-link">
      {name}
    </Link>
  );
}
