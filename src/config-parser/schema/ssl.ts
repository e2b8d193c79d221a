/** keepalived.conf(5): SSL: the certificate that this host shows to servers checked with SSL_GET. */
import { text } from './arguments.ts';
import { path } from './paths.ts';
import { acts, defineBlock } from './schema.ts';

export const ssl = defineBlock('SSL', {
  password: acts(text, 'Password of the private key'),
  ca: acts(path, 'File of the certificates of authorities that servers are trusted by, in PEM'),
  certificate: acts(path, 'File of the certificate of this host, in PEM'),
  key: acts(path, 'File of the private key of that certificate, in PEM'),
});
