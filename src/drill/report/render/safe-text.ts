/** Texts of configuration files and programs on their way into a document: nothing in them acts as a control character. */
import { cleanText } from '../../../lint/formats/clean-text.ts';

/** Half of a character is none in UTF-8, and XML 1.0 (section 2.2) knows neither U+FFFE nor U+FFFF. */
const notCharacters = /[\p{Cs}\uFFFE\uFFFF]/gu;

/** One line: with a replacement character for each control character; ends of lines and tabs are spaces. */
export function safeText(text: string): string {
  return cleanText(text.replace(/\r?\n|\t/g, ' ')).replace(notCharacters, '\uFFFD');
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** For text and for attributes in either quotes, in HTML as in XML. */
export function escapeMarkup(text: string): string {
  return safeText(text).replace(/[&<>"']/g, (char) => entities[char] ?? char);
}
