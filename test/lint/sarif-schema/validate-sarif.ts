/** Holds a document against the published schema of SARIF 2.1.0. */
import { readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';

let validate: ValidateFunction | undefined;

/** What is wrong with it, one line each; empty for a valid document. */
export function sarifErrors(document: unknown): readonly string[] {
  validate ??= compileSchema();
  if (validate(document)) return [];
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath}: ${message}`);
}

function compileSchema(): ValidateFunction {
  const text = readFileSync(new URL('sarif-2.1.0-rtm.5.json', import.meta.url), 'utf8');
  // The schema is of draft 4, and uses nothing that later drafts read in another way, but for how it names itself.
  const { $schema: _draft, id: _name, ...schema } = JSON.parse(text) as Record<string, unknown>;
  // One of its patterns has a stray bracket, which only the older kind of regular expression takes for a character.
  const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
  addFormats.default(ajv);
  return ajv.compile(schema);
}
