/** Texts of a file on their way to a terminal or into a document: nothing in them may act as a control character. */

/** Also what turns the direction of writing, so that a line cannot be made to look like another. */
const controls = /[\p{Cc}\p{Zl}\p{Zp}\u200E\u200F\u061C\u202A-\u202E\u2066-\u2069\uFEFF]/gu;

/** With a replacement character for each; a tab stays. */
export function cleanText(text: string): string {
  return text.replace(controls, (char) => (char === '\t' ? char : '\uFFFD'));
}

/** What JSON.stringify leaves as it is; the line ends between its values stay. */
const unescaped = /(?!\n)[\p{Cc}\p{Zl}\p{Zp}\u200E\u200F\u061C\u202A-\u202E\u2066-\u2069\uFEFF]/gu;

/** As JSON, where everything of the kind is an escape: a document is looked at in terminals too. */
export function safeJson(value: unknown): string {
  const text = JSON.stringify(value, undefined, 1);
  return `${text.replace(unescaped, escapeOf)}\n`;
}

function escapeOf(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
