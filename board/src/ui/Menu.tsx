import './menu.css';
import { Link, useLocation } from 'wouter';
import { menuPages, useMenuTexts, type MenuPage } from './menu-texts.ts';

/** Every page of the board but those of one thing; the one that is open is marked. */
export function Menu() {
  const { menu, pages } = useMenuTexts();
  const [address] = useLocation();
  return (
    <nav className="menu" aria-label={menu}>
      <ul>
        {menuPages.map((page) => (
          <li key={page}>
            <Link href={addressOf(page)} aria-current={currentOf(page, address)}>
              {pages[page]}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function addressOf(page: MenuPage): string {
  return page === 'wall' ? '/' : `/${page}`;
}

/** A page of one incident belongs to the incidents. */
function currentOf(page: MenuPage, address: string): 'page' | 'true' | undefined {
  const own = addressOf(page);
  if (address === own) return 'page';
  return page !== 'wall' && address.startsWith(`${own}/`) ? 'true' : undefined;
}
