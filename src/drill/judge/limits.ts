/** Limits of --slo and of scenario files: `takeover<=4s,failed-requests<=1%,double-master<=250ms`. Pure. */
import {
  type Figure,
  type FigureName,
  type FigureUnit,
  figureNames,
  type Limit,
  type ReportFinding,
} from '../report/report.ts';
import { figureTitles, figureUnits } from './figures.ts';
import { finding, ms } from './finding.ts';

export type ReadLimits =
  | { readonly ok: true; readonly limits: readonly Limit[] }
  | { readonly ok: false; readonly problem: string };

export function readLimits(text: string): ReadLimits {
  const limits: Limit[] = [];
  for (const part of text.split(',').map((one) => one.trim())) {
    if (part === '') continue;
    const read = readLimit(part);
    if (typeof read === 'string') return { ok: false, problem: read };
    limits.push(read);
  }
  return limits.length === 0
    ? { ok: false, problem: 'it names no limit; write for example takeover<=4s,failed-requests<=1%' }
    : { ok: true, limits };
}

/** The limit, or a sentence why it is none. */
function readLimit(text: string): Limit | string {
  const found = /^([a-z0-9-]+)\s*(<=|>=|<|>)\s*(\d+(?:\.\d+)?)\s*(ms|s|%|)$/.exec(text);
  if (found === null) return `"${text}" is not NAME<=VALUE, with the unit ms, s, % or none`;
  const [, written = '', comparison = '', number = '', unit = ''] = found;
  const wanted = written === 'failed-requests' && unit === '%' ? 'failed-requests-percent' : written;
  const name = figureNames.find((one) => one === wanted);
  if (name === undefined) return `there is no figure "${written}"; there are ${figureNames.join(', ')}`;
  const value = valueIn(figureUnits[name], Number(number), unit);
  if (value === undefined)
    return `"${text}": ${name} is ${unitWords[figureUnits[name]]}, and not in "${unit}"`;
  return {
    figure: name,
    comparison: comparison as Limit['comparison'],
    value,
    unit: figureUnits[name],
    text,
  };
}

const unitWords: Readonly<Record<FigureUnit, string>> = {
  ms: 'a time, in ms or s',
  count: 'a number without a unit',
  percent: 'a share in %',
};

function valueIn(unit: FigureUnit, value: number, written: string): number | undefined {
  if (unit === 'ms') return written === 's' ? value * 1000 : written === 'ms' ? value : undefined;
  if (unit === 'percent') return written === '%' ? value : undefined;
  return written === '' ? value : undefined;
}

/** A figure that the run does not have breaks no limit. */
export function limitFindings(
  limits: readonly Limit[],
  figures: readonly Figure[],
): readonly ReportFinding[] {
  return limits.flatMap((limit) => {
    const figure = figures.find(({ name }) => name === limit.figure);
    if (figure === undefined) return [];
    const holds = compare(figure.value, limit);
    return [
      finding({
        id: `slo-${limit.figure}`,
        kind: 'limit',
        what: `${figureTitles[limit.figure]}, as --slo has it`,
        measured: formatFigure(figure.value, figure.unit),
        limit: limit.text,
        holds,
        margin: formatFigure(Math.abs(limit.value - figure.value), figure.unit),
      }),
    ];
  });
}

function compare(value: number, { comparison, value: limit }: Limit): boolean {
  switch (comparison) {
    case '<=':
      return value <= limit;
    case '<':
      return value < limit;
    case '>=':
      return value >= limit;
    case '>':
      return value > limit;
  }
}

export function formatFigure(value: number, unit: FigureUnit): string {
  if (unit === 'ms') return ms(value);
  return unit === 'percent' ? `${value.toFixed(2)} %` : String(Math.round(value * 10) / 10);
}

/** For --slo's help. */
export function limitNames(): readonly FigureName[] {
  return figureNames;
}
