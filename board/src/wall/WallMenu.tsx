import { Link } from 'wouter';
import { useMenuItems, useMenuTexts } from '../ui/menu-texts.ts';
import { Switches } from '../ui/Switches.tsx';

/** Everything that is not the wall: opens upwards, closes by itself when a page is chosen. */
export function WallMenu() {
  const { menu } = useMenuTexts();
  const others = useMenuItems().filter(({ href }) => href !== '/');
  return (
    <details className="menu">
      <summary>{menu}</summary>
      <nav aria-label={menu}>
        {others.map(({ href, text }) => (
          <Link key={href} href={href}>
            {text}
          </Link>
        ))}
        <Switches />
      </nav>
    </details>
  );
}
