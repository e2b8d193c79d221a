import { describe, expect, it } from 'vitest';
import { type Around, check, checksOf, textWith, told } from './check-helpers.ts';

const plain = (kind: 'HTTP_GET' | 'SSL_GET') => `${kind} {\nurl {\npath /\n}\n}`;

describe('HTTP_GET and SSL_GET', () => {
  it('with a path alone have keepalived’s defaults', () => {
    expect(check('HTTP_GET {\nurl {\npath /\n}\n}')).toMatchObject({
      httpProtocol: '1.0',
      fastRecovery: false,
      urls: [
        {
          path: '/',
          hostHeader: '192.0.2.20:80',
          statusCodes: [{ first: 200, last: 299 }],
          tlsCompliant: false,
        },
      ],
    });
  });

  it('want of each url what it says', () => {
    const url = `path "/a b?c"\nstatus_code 200 300-302\nstatus_code 404\ndigest 9B3A0C85A887A256D6939DA88AABD8CD
regex "all (is )?well"\nregex_no_match\nregex_options caseless dotall\nregex_min_offset 10\nregex_max_offset 20`;
    const lines = 'http_protocol 1.0C\nfast_recovery\ntls_compliant';
    expect(
      check(`SSL_GET {\n${lines}\nurl {\n${url}\n}\nurl {\npath /b\ntls_compliant off\n}\n}`),
    ).toMatchObject({
      httpProtocol: '1.0C',
      fastRecovery: true,
      urls: [
        {
          path: '/a b?c',
          statusCodes: [
            { first: 200, last: 200 },
            { first: 300, last: 302 },
            { first: 404, last: 404 },
          ],
          digest: '9b3a0c85a887a256d6939da88aabd8cd',
          regex: {
            pattern: 'all (is )?well',
            options: ['caseless', 'dotall'],
            mustNotMatch: true,
            minOffset: 10,
            maxOffset: 20,
          },
          tlsCompliant: true,
        },
        { path: '/b', tlsCompliant: false },
      ],
    });
  });

  it('name the host of the url, else of the check, the real server, the virtual server, else where they connect', () => {
    const block = (url: string, lines: string) => `HTTP_GET {\n${lines}\nurl {\npath /\n${url}\n}\n}`;
    const host = (url: string, lines: string, around: Around) => {
      const given = check(block(url, lines), around);
      return given.kind === 'HTTP_GET' ? given.urls[0]?.hostHeader : undefined;
    };
    const around = { virtual: 'virtualhost vs', real: 'virtualhost rs' };
    expect(host('virtualhost url', 'virtualhost check', around)).toBe('url');
    expect(host('', 'virtualhost check', around)).toBe('check');
    expect(host('', '', around)).toBe('rs');
    expect(host('', '', { virtual: 'virtualhost vs' })).toBe('vs');
    expect(host('', 'connect_ip 2001:db8::1\nconnect_port 8080', {})).toBe('[2001:db8::1]:8080');
  });

  it.each([
    ['SSL_GET', 'enable_sni', undefined],
    ['SSL_GET', 'virtualhost www.example', undefined],
    ['SSL_GET', 'virtualhost www.example\nenable_sni', 'www.example'],
    ['SSL_GET', 'virtualhost www.example:8443\nenable_sni', 'www.example'],
    ['SSL_GET', 'virtualhost www.example\nenable_sni\nsni_name other.example', 'other.example'],
    ['SSL_GET', 'sni_name other.example', 'other.example'],
    ['HTTP_GET', 'virtualhost www.example\nenable_sni\nsni_name other.example', undefined],
  ])('%s with %j begins TLS with the name %s', (kind, lines, name) => {
    const given = check(`${kind} {\n${lines}\nurl {\npath /\n}\n}`);
    const urls = given.kind === 'SSL_GET' || given.kind === 'HTTP_GET' ? given.urls : [];
    expect(urls.map(({ tlsServerName }) => tlsServerName)).toEqual([name]);
  });

  it('show the certificate of the block SSL, over TLS only', () => {
    const ssl = 'SSL {\nca /etc/ca.pem\ncertificate /etc/cert.pem\nkey /etc/key.pem\npassword secret\n}';
    const clientCertificate = {
      authorities: '/etc/ca.pem',
      certificate: '/etc/cert.pem',
      key: '/etc/key.pem',
      password: 'secret',
    };
    expect(check(plain('SSL_GET'), { beside: ssl })).toMatchObject({ clientCertificate });
    expect(check(plain('HTTP_GET'), { beside: ssl })).not.toHaveProperty('clientCertificate');
    expect(check(plain('SSL_GET'))).not.toHaveProperty('clientCertificate');
  });

  it.each(['HTTP_GET', 'SSL_GET'])(
    '%s leave out a url without a path, and are dropped with the last',
    (kind) => {
      const one = `${kind} {\nurl {\ndigest 9b3a0c85a887a256d6939da88aabd8cd\n}\n}`;
      expect(checksOf(textWith(one))).toEqual([]);
      expect(told(one)).toEqual([`error checker-dropped: ${kind}`]);
      expect(told(`${kind} {\n}`)).toEqual([`error checker-dropped: ${kind}`]);
      expect(check(`${kind} {\nurl {\n}\nurl {\npath /\n}\n}`)).toMatchObject({ urls: [{ path: '/' }] });
    },
  );

  it('without a regex have no use for what is said about one, and say so', () => {
    const url = 'regex_no_match\nregex_options caseless\nregex_min_offset 1\nregex_max_offset 2';
    expect(told(`HTTP_GET {\nurl {\npath /\n${url}\n}\n}`)).toEqual([
      'warning missing-keyword: regex_no_match',
      'warning missing-keyword: regex_options caseless',
      'warning missing-keyword: regex_min_offset 1',
      'warning missing-keyword: regex_max_offset 2',
    ]);
  });
});
