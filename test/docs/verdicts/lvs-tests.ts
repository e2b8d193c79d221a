/** The files whose tests are named most for services and checks. */
import { inFile } from './verdict.ts';

export const services = inFile('config-parser/resolve-virtual-server');
export const checks = inFile('config-parser/resolve-checkers');
export const httpChecks = inFile('config-parser/resolve-http-check');
export const resolve = inFile('config-parser/resolve');
export const schemaServices = inFile('config-parser/schema-services');
export const resolveNotify = inFile('config-parser/resolve-notify');

export const desired = inFile('ipvs-sync/desired');
export const diff = inFile('ipvs-sync/diff');
export const codec = inFile('ipvs-sync/codec');
export const syncDaemons = inFile('ipvs-sync/sync-daemons');
export const fullNatRules = inFile('fullnat/rules');

export const loop = inFile('healthcheck/checker-loop');
export const checkerState = inFile('healthcheck/checker-state');
export const health = inFile('healthcheck/health');
export const quorum = inFile('healthcheck/quorum');
export const tcp = inFile('healthcheck/probes/tcp-check');
export const http = inFile('healthcheck/probes/http-get');
export const page = inFile('healthcheck/probes/http-page');
export const regex = inFile('healthcheck/probes/http-regex');
export const tls = inFile('healthcheck/probes/ssl-get');
export const smtp = inFile('healthcheck/probes/smtp-check');
export const dns = inFile('healthcheck/probes/dns-check');
export const udp = inFile('healthcheck/probes/udp-check');
export const ping = inFile('healthcheck/probes/ping-check');
export const misc = inFile('healthcheck/probes/misc-check');
export const file = inFile('healthcheck/probes/file-check');
export const reading = inFile('healthcheck/probes/reading-outcome');
export const askOnce = inFile('healthcheck/probes/ask-once');

export const process = inFile('daemon/checker-process/checker-process');
export const commands = inFile('daemon/checker-process/commands');
export const keeper = inFile('daemon/checker-process/table-keeper');
export const told = inFile('daemon/checker-process/told-checks');
export const suspension = inFile('daemon/checker-process/suspension');
export const notices = inFile('daemon/checker-process/notifications');
export const wording = inFile('daemon/checker-process/wording');
export const notifications = inFile('notify/notifications-for');

export const streams = inFile('integration/network/checks-stream');
export const others = inFile('integration/network/checks-other');
export const programs = inFile('integration/network/checks-other-misc');
export const table = inFile('integration/kernel/ipvs-table');
export const client = inFile('integration/kernel/ipvs-client');
export const fullNat = inFile('integration/kernel/fullnat');
export const processInKernel = inFile('integration/kernel/checker-process');
export const tutorial = inFile('integration/kernel/tutorial');
