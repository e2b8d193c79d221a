import { hostRule } from '../../rule.ts';
import { commandsOf, findProgram } from './commands.ts';
import { instance } from './example.ts';

/** keepalived.conf(5): commands: their programs are looked for at the start, and not by --config-test. */
export const hostScriptMissing = hostRule({
  name: 'host/script-missing',
  level: 'error',
  summary: 'A program that the file has run is not on this machine, or cannot be run',
  details: `keepalived switches off a command whose program is missing or not executable when it starts; its configuration
test says nothing of notify scripts. A \`track_script\` that is switched off watches nothing, a notify script never runs, and
a check that is dropped leaves its real server up for ever. A name without a slash is looked for in the usual bin and sbin
folders. Install the program, or make it executable with \`chmod +x\`. A script needs a first line like \`#!/bin/sh\` too,
which is not looked at here.`,
  keepalived: 'logs',
  exampleHost: {
    pathFacts: (path) =>
      path.startsWith('/missing') ? undefined : { kind: 'file', isExecutable: true, isInsecure: false },
  },
  bad: instance({ lines: ['notify_master /missing/notify.sh'] }),
  good: instance({ lines: ['notify_master /usr/bin/true'] }),
  check: (file, host, report) => {
    const told = new Set<string>();
    for (const command of commandsOf(file)) {
      const { keyword, program, span } = command;
      if (told.has(program)) continue;
      const found = findProgram(host, program);
      const fault = found === undefined ? 'is not on this machine' : faultOf(found.facts);
      if (fault === undefined) continue;
      told.add(program);
      report({
        at: span,
        message: `${program} of ${keyword} ${fault}: keepalived switches it off and goes on without it`,
        help:
          found?.facts.kind === 'file'
            ? `run "chmod +x ${found.path}"`
            : 'install it, or write the path that it has here',
      });
    }
  },
});

function faultOf({ kind, isExecutable }: { readonly kind: string; readonly isExecutable: boolean }) {
  if (kind === 'directory') return 'is a folder';
  if (kind !== 'file') return 'is no ordinary file';
  return isExecutable ? undefined : 'is not executable';
}
