// Runs one TypeScript file as a program: node run-typescript.mjs FILE [ARGUMENTS…]. Vite is there because vitest is.
import { runnerImport } from 'vite';

await runnerImport(process.argv[2]);
