/** keepalived.conf(5): what holds from the start of the daemon to its end. */
import { expect, test } from 'vitest';
import { parseText } from './parse-helpers.ts';

test('the names of instance and namespaces come with the configuration', () => {
  const { config } = parseText(
    'instance left\nnet_namespace one\nnet_namespace_ipvs two\nglobal_defs {\n    tmp_config_directory /run/conf\n}\n',
  );
  expect(config.daemon).toEqual({
    instance: 'left',
    netNamespace: 'one',
    netNamespaceIpvs: 'two',
    temporaryFolder: '/run/conf',
  });
});

test('nothing given is nothing there', () => {
  expect(parseText('global_defs {\n    router_id lb01\n}\n').config.daemon).toBeUndefined();
});
