import './menu.css';
import { Link, useLocation } from 'wouter';
import { useMenuItems, useMenuTexts } from './menu-texts.ts';

/** Every page of the board but those of one thing; the one that is open is marked. */
export function Menu() {
  const { menu } = useMenuTexts();
  const items = useMenuItems();
  const [address] = useLocation();
  return (
    <nav className="menu" aria-label={menu}>
      <ul>
        {items.map(({ href, text }) => (
          <li key={href}>
            <Link href={href} aria-current={currentOf(href, address)}>
              {text}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** A page of one incident belongs to the incidents. */
function currentOf(own: string, address: string): 'page' | 'true' | undefined {
  if (address === own) return 'page';
  return own !== '/' && address.startsWith(`${own}/`) ? 'true' : undefined;
}
