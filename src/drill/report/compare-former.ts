/** A former report, read from the JSON that a drill wrote, for comparison. Pure: the text is an argument. */
import { type DrillReport, reportSchemaVersion } from './report.ts';

export type ReadReport =
  | { readonly ok: true; readonly report: DrillReport }
  /** `problem`: a sentence without the name of the file. */
  | { readonly ok: false; readonly problem: string };

/** Only what a comparison looks at is checked. */
export function readFormerReport(text: string): ReadReport {
  let value: unknown;
  try {
    value = JSON.parse(text, reviveNumber);
  } catch (error) {
    return {
      ok: false,
      problem: `It is not JSON: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
  const problem = problemOf(value);
  return problem === undefined ? { ok: true, report: value as DrillReport } : { ok: false, problem };
}

/** What a drill writes where a number never came. */
function reviveNumber(key: string, value: unknown): unknown {
  const isNumber = key === 'value' || key === 'median' || key === 'max' || key.endsWith('Ms');
  return isNumber && (value === 'Infinity' || value === '-Infinity' || value === 'NaN')
    ? Number(value)
    : value;
}

function problemOf(value: unknown): string | undefined {
  if (!isObject(value)) return 'It is no report of a drill: it holds no JSON object.';
  const version = value['schemaVersion'];
  if (version === undefined) return 'It is no report of a drill: it has no schemaVersion.';
  if (version !== reportSchemaVersion)
    return `It has schemaVersion ${JSON.stringify(version)}, and only ${reportSchemaVersion} can be compared; drill again with this version.`;
  const { environment, scenarios } = value;
  if (!isObject(environment) || !isObject(environment['kernel']) || !isList(environment['nodes'], isNode))
    return 'It is damaged: "environment" is not as a drill writes it.';
  if (!isList(scenarios, isScenario)) return 'It is damaged: "scenarios" is not as a drill writes it.';
  if (typeof value['startedAt'] !== 'string' || typeof value['verdict'] !== 'string')
    return 'It is damaged: "startedAt" or "verdict" is missing.';
  return undefined;
}

type JsonObject = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isList(value: unknown, isItem: (item: JsonObject) => boolean): boolean {
  return Array.isArray(value) && value.every((item) => isObject(item) && isItem(item));
}

function isNode(node: JsonObject): boolean {
  return (
    typeof node['name'] === 'string' &&
    typeof node['configHash'] === 'string' &&
    isList(node['instances'], (one) => typeof one['advertisementIntervalMs'] === 'number')
  );
}

function isScenario(scenario: JsonObject): boolean {
  return (
    typeof scenario['name'] === 'string' &&
    typeof scenario['title'] === 'string' &&
    typeof scenario['verdict'] === 'string' &&
    isList(scenario['runs'], isRun)
  );
}

function isRun(run: JsonObject): boolean {
  const isFigure = (one: JsonObject): boolean =>
    typeof one['name'] === 'string' &&
    typeof one['title'] === 'string' &&
    typeof one['unit'] === 'string' &&
    typeof one['value'] === 'number';
  const isFinding = (one: JsonObject): boolean =>
    typeof one['what'] === 'string' && typeof one['holds'] === 'boolean';
  return isList(run['figures'], isFigure) && isList(run['findings'], isFinding);
}
