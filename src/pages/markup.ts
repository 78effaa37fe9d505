const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** A text as it is in HTML and in SVG, in an attribute or not. */
export function html(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character]).replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u202a-\u202e\u2066-\u2069]/g, '\ufffd');
}

/** A name of at most so many characters: what distinguishes it is at its ends. */
export function shortened(text: string, most = 34): string {
  const characters = [...text];
  const half = Math.floor((most - 1) / 2);
  return characters.length <= most ? text : `${characters.slice(0, half).join('')}…${characters.slice(-half).join('')}`;
}

/** A number without digits that nobody sees. */
export function coordinate(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/** A word of so many letters is not broken, and neither is what has so many between two separators or capitals; what has more is, anywhere. */
const LONG = 20;

/** A name of so many letters, as that of a Region, is not broken at all. */
const SHORT = 14;

/** A text as it is in HTML, where long names can be broken after a separator; short ones, and spans with their units, can't. */
export function breakable(text: string): string {
  return text.replace(/(\d) (?=(?:minute|hour|day)s?\b)/g, '$1\u00a0').split(/([^\S\u00a0]+)/).map((word) => {
    const pieces = piecesOf(word);
    return pieces.length === 1 && /\w[-/]\w/.test(word) && word.length <= SHORT ? `<span class="name">${html(word)}</span>`
      : pieces.map((piece) => [...piece].length <= LONG ? html(piece) : `<span class="long">${html(piece)}</span>`).join('<wbr>');
  }).join('');
}

function piecesOf(word: string): string[] {
  const isShort = (piece: string) => [...piece].length <= LONG;
  return isShort(word) ? [word] : word.split(/(?<=[/:._@=-])(?![/:._@=-])/u)
    .flatMap((piece) => isShort(piece) ? [piece] : piece.split(/(?<=[a-z0-9])(?=[A-Z])/));
}

/** The lines of a text in a drawing, each of the width of so many letters; of a longer text, the ends. */
export function wrapped(text: string, letters: number, most: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const piece of fitted(text, letters * most - 8 * (most - 1)).match(/[^\s/-]*[\s/-]?/gu) ?? []) {
    if (line !== '' && widthOf(`${line}${piece.trimEnd()}`) > letters) {
      lines.push(line);
      line = '';
    }
    for (const character of piece) {
      if (widthOf(`${line}${character.trimEnd()}`) > letters) {
        lines.push(line);
        line = '';
      }
      line += character;
    }
  }
  return [...lines, line].map((each) => each.trimEnd()).filter((each) => each !== '');
}

/** A text that is not wider than so many letters, without its middle if it has to be. */
export function fitted(text: string, letters: number): string {
  let most = Math.floor(letters * 1.5);
  while (most > 3 && widthOf(shortened(text, most)) > letters) {
    most--;
  }
  return shortened(text, most);
}

const WIDTHS: readonly (readonly [characters: RegExp, width: number])[] = [[/[\u1100-\u{10ffff}]/u, 2], [/[MW@%]/, 1.65], [/[mw]/, 1.5], [/[A-Z]/, 1.15], [/[fijlrt.,:;'!()/ -]/, 0.65]];

/** How wide a text is, in letters such as `a`: in other fonts, the relations are about the same. */
function widthOf(text: string): number {
  let sum = 0;
  for (const character of text) {
    sum += knownWidths.get(character) ?? widthOfCharacter(character);
  }
  return sum;
}

/** A page has the same characters thousands of times. */
const knownWidths = new Map<string, number>();

function widthOfCharacter(character: string): number {
  const width = WIDTHS.find(([characters]) => characters.test(character))?.[1] ?? 1;
  knownWidths.set(character, width);
  return width;
}
