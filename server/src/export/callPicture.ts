import { escapeHtml } from './codeView.ts';
import { lineAnchor, pageFile, relativeLink } from './links.ts';
import type { FilePage, SymbolLink } from './page.ts';

/** Boxes that a column shows before the picture becomes a thicket; the lists beside the symbols have the rest. */
const mostBoxes = 16;
const box = { width: 220, height: 24, gap: 8 };
const columnGap = 110;
const longestLabel = 28;

interface Box {
  readonly link: SymbolLink;
  readonly y: number;
}

/**
 * Who calls into a file and what it calls, as SVG: callers on the left, the file's own symbols in the middle, what they call on the right.
 * Undefined where nothing calls or is called.
 */
export function callPicture(page: FilePage): string | undefined {
  const own = page.symbols.filter(({ callers, callees }) => callers.length + callees.length > 0).slice(0, mostBoxes);
  if (own.length === 0) return undefined;
  const key = ({ path, line, name }: SymbolLink): string => `${path}\n${line}\n${name}`;
  const mine = new Map<string, Box>();
  for (const symbol of own) {
    const link = { path: page.path, name: symbol.name, line: symbol.lines.startLine };
    mine.set(key(link), { link, y: yOf(mine.size) });
  }
  const columnOf = (links: readonly SymbolLink[]): ReadonlyMap<string, Box> => {
    const column = new Map<string, Box>();
    for (const link of links) {
      if (column.size < mostBoxes && link.path !== page.path && !column.has(key(link)))
        column.set(key(link), { link, y: yOf(column.size) });
    }
    return column;
  };
  const callers = columnOf(own.flatMap((symbol) => symbol.callers));
  const callees = columnOf(own.flatMap((symbol) => symbol.callees));
  const arrows = own.flatMap((symbol) => {
    const self = mine.get(key({ path: page.path, name: symbol.name, line: symbol.lines.startLine }));
    if (self === undefined) return [];
    const incoming = symbol.callers.flatMap((link) => arrow(callers.get(key(link)), 0, self, 1));
    const outgoing = symbol.callees.flatMap((link) => arrow(self, 1, callees.get(key(link)), 2));
    const inside = symbol.callees.flatMap((link) => loop(self, mine.get(key(link))));
    return [...incoming, ...outgoing, ...inside];
  });
  const rows = Math.max(mine.size, callers.size, callees.size);
  const width = 3 * box.width + 2 * columnGap;
  const height = rows * (box.height + box.gap);
  const title = `Calls of ${page.path}: ${callers.size} callers elsewhere, ${callees.size} symbols elsewhere called`;
  const boxes = [callers, mine, callees].map((column, index) =>
    [...column.values()].map((each) => drawn(each, index, page.path)).join(''),
  );
  return `<svg viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="group" aria-label="${escapeHtml(title)}">${arrows.join('')}${boxes.join('')}</svg>`;
}

function yOf(row: number): number {
  return row * (box.height + box.gap) + box.gap / 2;
}

function xOf(column: number): number {
  return column * (box.width + columnGap);
}

function arrow(from: Box | undefined, fromColumn: number, to: Box | undefined, toColumn: number): readonly string[] {
  if (from === undefined || to === undefined) return [];
  const [x1, x2] = [xOf(fromColumn) + box.width, xOf(toColumn)];
  const [y1, y2] = [from.y + box.height / 2, to.y + box.height / 2];
  const bend = columnGap / 2;
  return [`<path class="call" d="M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}"/>`];
}

/** A call inside the file, drawn around the right edge of the middle column. */
function loop(from: Box, to: Box | undefined): readonly string[] {
  if (to === undefined || to === from) return [];
  const x = xOf(1) + box.width;
  const [y1, y2] = [from.y + box.height / 2, to.y + box.height / 2];
  const reach = Math.min(columnGap / 2, 14 + Math.abs(y2 - y1) / 6);
  return [`<path class="call inner" d="M${x} ${y1}C${x + reach} ${y1} ${x + reach} ${y2} ${x} ${y2}"/>`];
}

function drawn({ link, y }: Box, column: number, here: string): string {
  const target = relativeLink(pageFile(here), pageFile(link.path));
  const label = link.name.length > longestLabel ? `${link.name.slice(0, longestLabel - 1)}…` : link.name;
  const where = `${link.name} (${link.path}:${link.line + 1})`;
  return (
    `<a href="${escapeHtml(target)}#${lineAnchor(link.line)}"><title>${escapeHtml(where)}</title>` +
    `<rect class="box${column === 1 ? ' own' : ''}" x="${xOf(column)}" y="${y}" width="${box.width}" height="${box.height}" rx="4"/>` +
    `<text x="${xOf(column) + 10}" y="${y + 16}">${escapeHtml(label)}</text></a>`
  );
}
