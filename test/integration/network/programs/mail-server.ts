/** A mail server on 127.0.0.1 of its namespace: says its port, and on `report` the mails that it took. */
import { SmtpServer } from '../../../daemon/script-process/notify/smtp-server.ts';
import { onCommand, say } from './lines.ts';

const server = new SmtpServer();
onCommand(() => say({ kind: 'mails', mails: server.mails }));
await server.start();
say({ kind: 'ready', port: server.port });
