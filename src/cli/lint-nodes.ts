/** The files that `holdfast lint` names, read and made into models. */
import { realpathSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import {
  type ParseOptions,
  parseConfig,
  type ReadResult,
  type SourceReader,
} from '../config-parser/index.ts';
import { errorCode } from '../daemon/logger/index.ts';
import { buildFileModel, type FileModel } from '../lint/model/index.ts';
import { environmentOf } from './environment.ts';
import type { LintOptions } from './lint-options.ts';
import { sourceFiles } from './source-files.ts';
import type { Streams } from './streams.ts';
import { textReader } from './text-reader.ts';
import { UsageError } from './usage-error.ts';

export interface LintNode {
  readonly model: FileModel;
  readonly configId: string;
  readonly isUnreadable: boolean;
}

type ReadingOptions = Pick<LintOptions, 'files' | 'configIds' | 'isPair' | 'allConfig' | 'stdinFilename'>;

/**
 * Reads the nodes, as often as it is asked: `texts`, by what `identify` makes of a path, count in place of what the files
 * hold. What a file held at first stays what it holds, so that a pipe can be asked for twice.
 */
export type NodeReader = (texts?: ReadonlyMap<string, string>) => readonly LintNode[];

/** Throws a UsageError where the files and the identifiers do not fit together. */
export async function nodeReader(
  options: ReadingOptions,
  streams: Pick<Streams, 'input' | 'environment'>,
): Promise<NodeReader> {
  const wanted = wantedFiles(options);
  const standardInput = wanted.some(({ isStandardInput }) => isStandardInput) ? await streams.input() : '';
  const environment = environmentOf(streams.environment);
  const readers = wanted.map((file) => remembering(readerOf(file, standardInput)));
  return (texts = new Map()) =>
    wanted.map((file, index) => {
      const { name, configId } = file;
      const parsing = {
        configId,
        environment,
        includeAll: options.allConfig,
        fold: false,
        keepsServices: false,
      };
      const isShared = wanted.some((other) => other !== file && other.name === name);
      const reader = readers[index] ?? readerOf(file, standardInput);
      return readNode(name, isShared ? `${name} (-i ${configId})` : name, withTexts(reader, texts), parsing);
    });
}

/** The file that a path leads to: two names of one file are one, and so is what becomes of it. */
export function identify(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return path;
  }
}

interface WantedFile {
  readonly name: string;
  readonly configId: string;
  readonly isStandardInput: boolean;
}

function wantedFiles(options: ReadingOptions): readonly WantedFile[] {
  const { files, configIds, isPair, stdinFilename } = options;
  if (files.length === 0) throw new UsageError('name the files to look at, or - for standard input');
  if (isPair && files.length < 2) throw new UsageError('--pair compares two files or more');
  if (configIds.length > 0 && configIds.length !== files.length && (isPair || configIds.length > 1)) {
    throw new UsageError(
      `give -i once for each file: there are ${files.length} files and ${configIds.length} of -i`,
    );
  }
  const wanted = files.map((file, index): WantedFile => {
    const name = file === '-' ? stdinFilename : file;
    const configId = configIds[index] ?? configIds[0] ?? nodeName(name);
    return { name, configId, isStandardInput: file === '-' };
  });
  const isNew = ({ name, configId }: WantedFile, index: number) =>
    wanted.findIndex((other) => other.name === name && other.configId === configId) === index;
  const twice = wanted.find((file, index) => !isNew(file, index));
  if (isPair && twice !== undefined) {
    throw new UsageError(`${twice.name} is given twice: tell the nodes apart with a different -i for each`);
  }
  return wanted.filter(isNew);
}

/** `lb01` for lb01.conf and for lb01/keepalived.conf: the same answer on every machine. */
export function nodeName(file: string): string {
  const name = basename(file, '.conf');
  return name === 'keepalived' ? basename(dirname(resolve(file))) : name.replace(/^<.*>$/, '');
}

/** Two nodes may share a file, and are told apart by `label` then. */
function readNode(file: string, label: string, reader: SourceReader, options: ParseOptions): LintNode {
  const resolved = parseConfig(reader, file, options);
  return {
    model: buildFileModel(label, resolved),
    configId: options.configId ?? '',
    isUnreadable: resolved.diagnostics.some(({ code }) => code === 'file-unreadable'),
  };
}

function readerOf({ name, isStandardInput }: WantedFile, standardInput: string): SourceReader {
  return isStandardInput ? textReader(name, standardInput) : sourceFiles(name, { readsPipes: true });
}

function remembering(files: SourceReader): SourceReader {
  const results = new Map<string, ReadResult>();
  const read = (path: string): ReadResult => {
    const result = results.get(path) ?? files.read(path);
    results.set(path, result);
    return result;
  };
  return { ...files, read };
}

function withTexts(files: SourceReader, texts: ReadonlyMap<string, string>): SourceReader {
  if (texts.size === 0) return files;
  return {
    ...files,
    read: (path) => {
      const text = texts.get(identify(path));
      return text === undefined ? files.read(path) : { text };
    },
  };
}
