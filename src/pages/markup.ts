/** A text as it is in HTML and in SVG, in an attribute or not. */
export function html(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  return text.replace(/[&<>"']/g, (character) => entities[character]).replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u202a-\u202e\u2066-\u2069]/g, '\ufffd');
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
