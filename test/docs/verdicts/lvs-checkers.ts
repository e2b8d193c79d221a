/** keepalived.conf(5): the checkers. Most keywords are those of several, and so are their proofs. */
import {
  askOnce,
  checks,
  dns,
  file,
  http,
  httpChecks,
  loop,
  misc,
  others,
  page,
  ping,
  process,
  programs,
  reading,
  regex,
  smtp,
  streams,
  tcp,
  tls,
  told,
  udp,
  wording,
} from './lvs-tests.ts';
import { each, notDone, type Proof, proven, type Verdict, withoutEffect } from './verdict.ts';

type Words = Readonly<Record<string, Verdict>>;

const inherited = checks(
  'the timing of a check › of %s is its own, else its real server’s, else its virtual server’s',
);
const usual = checks(
  'the timing of a check › of %s is tried %i times more after %i ms where nothing is said',
);
const bounds = checks('the timing of a check › with %j bounds a whole attempt by %i ms');
const alphaAndLoud = checks(
  'a check › %s is alpha and loud as it says, else as its servers and global_defs say',
);
const goes = checks('a check › %s goes where it is told, from where it is told');
const goesHome = checks('a check › %s goes to its real server where nothing is said');
const linkLocal = checks('a check › %s of a link-local address needs bind_if, and is dropped without');
const host = http('a request › stays one request whatever the path and the host hold');

/** When it is asked: of all that ask. */
const pace: Words = {
  ...each(
    ['retry', 'delay_before_retry'],
    proven(
      usual,
      inherited,
      loop('a server that is up › goes down after retry + 1 failures in a row, delay_before_retry apart'),
      process(
        "a server that dies and returns › leaves the table after its retries and is back with one success, in keepalived's words",
      ),
    ),
  ),
  warmup: proven(inherited, loop('the first probe waits a random part of the warmup longer')),
  delay_loop: proven(
    inherited,
    loop('a server that is up › is probed every delay_loop after a first wait of 1 s'),
  ),
};

const conditions: Words = {
  alpha: proven(
    alphaAndLoud,
    loop('a server with alpha stays down after its first failure and comes up with one success'),
    process('at start › servers with alpha are in the table only once they have answered'),
  ),
  log_all_failures: proven(
    alphaAndLoud,
    wording('a failed probe › with log_all_failures is more than a detail, also of a server that is down'),
  ),
};

interface Connecting {
  readonly connectTimeout: Proof;
  readonly attemptTimeout: Proof;
  readonly connect: Proof;
  readonly bind: Proof;
  readonly bindPort: Proof;
  readonly bindInterface: Proof;
  readonly fwmark: Proof;
}

function connecting(proofs: Connecting): Words {
  return {
    ...pace,
    ...conditions,
    attempt_timeout: proven(bounds, inherited, proofs.attemptTimeout),
    connect_timeout: proven(usual, proofs.connectTimeout),
    ...connection(proofs),
  };
}

function connection(proofs: Connecting): Words {
  return {
    ...each(['connect_ip', 'connect_port'], proven(goes, goesHome, proofs.connect)),
    bindto: proven(goes, proofs.bind),
    bind_port: proven(goes, proofs.bindPort),
    bind_if: proven(goes, linkLocal, proofs.bindInterface),
    fwmark: proven(goes, proofs.fwmark),
  };
}

const stream = {
  connect: streams('nginx › passes TCP_CHECK, and the phase says how long connecting took'),
  bind: streams('nginx › sees the address and the port that bindto and bind_port say, time after time'),
  bindPort: streams('nginx › sees the address and the port that bindto and bind_port say, time after time'),
  bindInterface: streams('nginx › is reached on a link-local address by way of bind_if, and not without'),
  fwmark: streams('nginx › is reached only with the fwmark that the host lets out'),
};

const overTcp: Connecting = {
  ...stream,
  connectTimeout: tcp(
    'a server that does not accept › is failed after connect_timeout when it does not answer',
  ),
  attemptTimeout: tcp(
    'a server that does not accept › is failed after attempt_timeout, where that is shorter',
  ),
};
const overHttp: Connecting = {
  ...stream,
  connectTimeout: http('a slow server › that says nothing after accepting fails after connect_timeout'),
  attemptTimeout: http('a slow server › that drips is cut off by attempt_timeout, though each wait is short'),
};
const overTls: Connecting = {
  ...overHttp,
  connectTimeout: tls('a server without TLS › that says nothing fails after connect_timeout'),
};
const overSmtp: Connecting = {
  ...stream,
  connect: streams('exim › passes SMTP_CHECK, with the phases of the dialogue'),
  connectTimeout: smtp('a server that does not › greet fails after connect_timeout'),
  attemptTimeout: smtp('a server that does not › stop dripping fails after attempt_timeout'),
};
const overDns: Connecting = {
  connect: others('DNS_CHECK of dnsmasq › passes for %s of %s, over IPv4 and IPv6'),
  bind: others('UDP_CHECK › leaves from bindto and bind_port'),
  bindPort: others('UDP_CHECK › leaves from bindto and bind_port'),
  bindInterface: others('DNS_CHECK of dnsmasq › passes over a link-local address of bind_if'),
  fwmark: others('UDP_CHECK › has its fwmark'),
  connectTimeout: dns('a server › that keeps silent fails when the time is over'),
  attemptTimeout: dns('a server › has no longer than the whole attempt may take'),
};
const overUdp: Connecting = {
  ...overDns,
  connect: others('UDP_CHECK › passes for an echo, over IPv4, IPv6 and a link-local address of bind_if'),
  bindInterface: others(
    'UDP_CHECK › passes for an echo, over IPv4, IPv6 and a link-local address of bind_if',
  ),
  connectTimeout: udp('without require_reply › a server that keeps silent is well when the time is over'),
  attemptTimeout: askOnce('an answer must come within connect_timeout, and within the whole attempt'),
};
const overIcmp: Connecting = {
  connect: ping('a request goes to connect_ip with the bindings of the check'),
  bind: others('PING_CHECK › leaves from bindto, with its fwmark'),
  bindPort: ping('a request goes to connect_ip with the bindings of the check'),
  bindInterface: others('PING_CHECK › passes over IPv4, IPv6 and a link-local address of bind_if'),
  fwmark: others('PING_CHECK › leaves from bindto, with its fwmark'),
  connectTimeout: ping(
    'a server › that keeps silent fails when the time is over, and its request is forgotten',
  ),
  attemptTimeout: askOnce('an answer must come within connect_timeout, and within the whole attempt'),
};

const wants = httpChecks('HTTP_GET and SSL_GET › want of each url what it says');
const defaults = httpChecks('HTTP_GET and SSL_GET › with a path alone have keepalived’s defaults');
const hostOf = httpChecks(
  'HTTP_GET and SSL_GET › name the host of the url, else of the check, the real server, the virtual server, else where they connect',
);
const namesTls = httpChecks('HTTP_GET and SSL_GET › %s with %j begins TLS with the name %s');
const needsUrl = httpChecks(
  'HTTP_GET and SSL_GET › %s leave out a url without a path, and are dropped with the last',
);
const expression = page('a regex › of a page %j, with %j: %j');
const httpOnly = withoutEffect('it is about TLS, which HTTP_GET does not speak');

const url: Words = {
  path: proven(defaults, needsUrl, host, streams('nginx › passes HTTP_GET in HTTP/%s')),
  digest: proven(
    wants,
    http('a bad reply › with another digest fails and names both'),
    streams('nginx › passes with the digest of its page, also in chunks'),
  ),
  status_code: proven(wants, defaults, http('a good reply › with status %i of the wanted ones %j: %j')),
  virtualhost: proven(hostOf, host),
  regex: proven(wants, expression),
  regex_no_match: proven(wants, expression),
  regex_options: proven(wants, regex('the option › %s makes %j in %j: %j'), expression),
  ...each(['regex_min_offset', 'regex_max_offset'], proven(wants, expression)),
  regex_stack: notDone('expressions run without a stack whose size could be chosen'),
};

const sameOfBoth: Words = {
  virtualhost: proven(hostOf, host),
  http_protocol: proven(wants, http('a request › of http_protocol %s is what keepalived sends')),
  fast_recovery: proven(
    wants,
    loop('a web server that has failed › comes back with one good answer where fast_recovery is set'),
  ),
  url: proven(
    defaults,
    needsUrl,
    http('several urls › are all asked for in turn, with the phases of each'),
    streams('nginx › is asked for several urls in one attempt'),
  ),
};

const compliant = proven(
  wants,
  tls('tls_compliant › is content with close_notify over %s'),
  tls('tls_compliant › does not take %j without close_notify for whole'),
);
const sni = proven(
  namesTls,
  tls('the server name › chooses between two servers at one address'),
  streams('nginx › chooses its certificate and page by the server name of SSL_GET'),
);

const noTries = withoutEffect('a change of the file counts at once, without tries, delays and time limits');
const followsFile = told('FILE_CHECK › takes the server down and up at once, without retries');

export const checkers: Readonly<Record<string, Words>> = {
  TCP_CHECK: connecting(overTcp),
  HTTP_GET: {
    ...connecting(overHttp),
    ...sameOfBoth,
    ...each(['enable_sni', 'sni_name', 'tls_compliant'], httpOnly),
  },
  'HTTP_GET > url': { ...url, tls_compliant: httpOnly },
  SSL_GET: {
    ...connecting(overTls),
    ...sameOfBoth,
    enable_sni: sni,
    sni_name: sni,
    tls_compliant: compliant,
  },
  'SSL_GET > url': { ...url, tls_compliant: compliant },
  SMTP_CHECK: {
    ...connecting(overSmtp),
    helo_name: proven(
      checks('SMTP_CHECK › gives the name that it is told'),
      smtp('a server that greets and answers › passes, is told HELO and QUIT, and no more'),
      streams('exim › that refuses the name in HELO fails'),
    ),
    host: proven(
      checks('SMTP_CHECK › is a check for each host in it, which has what the block around it says'),
      streams('exim › passes SMTP_CHECK, with the phases of the dialogue'),
    ),
  },
  'SMTP_CHECK > host': {
    ...connection(overSmtp),
    connect_timeout: proven(
      checks('SMTP_CHECK › is a check for each host in it, which has what the block around it says'),
      overSmtp.connectTimeout,
    ),
  },
  DNS_CHECK: {
    ...connecting(overDns),
    ...each(
      ['type', 'name'],
      proven(
        checks('DNS_CHECK › with %j asks for it'),
        dns('queries ask for the name and type of the check, each with an id of its own'),
        overDns.connect,
      ),
    ),
  },
  UDP_CHECK: {
    ...connecting(overUdp),
    payload: proven(
      checks('UDP_CHECK › wants the reply that it says'),
      udp('what is sent › is the payload, from bindto and bind_port'),
    ),
    require_reply: proven(
      checks('UDP_CHECK › wants the reply that it says'),
      udp(
        'with require_reply › a reply that fits is success, and the first that does not is failure at once',
      ),
      others('UDP_CHECK › fails for an echo of something else than required'),
    ),
    ...each(
      ['min_reply_length', 'max_reply_length'],
      proven(checks('UDP_CHECK › wants the reply that it says'), udp('a reply › of %s may be %i: %s')),
    ),
  },
  PING_CHECK: {
    ...connecting(overIcmp),
    ...each(['connect_port', 'bind_port'], withoutEffect('an ICMP echo request has no port')),
  },
  MISC_CHECK: {
    ...pace,
    ...conditions,
    attempt_timeout: proven(
      checks('MISC_CHECK › with %j is ended after %i ms, and is no attempt after %i'),
      misc('the program has no longer than attempt_timeout where that is shorter than misc_timeout'),
    ),
    misc_path: proven(
      checks('MISC_CHECK › runs its program as the account that it names, else as script_user says'),
      misc('the program gets its arguments, its account and misc_timeout'),
      programs('MISC_CHECK › passes and fails by the exit status, with the reason that the program gives'),
    ),
    misc_timeout: proven(
      checks('MISC_CHECK › with %j is ended after %i ms, and is no attempt after %i'),
      misc('a program that takes too long › fails when its time is over, before it is gone'),
      programs(
        'MISC_CHECK › ends a program that takes too long, and all that it started, and can run it again',
      ),
    ),
    misc_dynamic: proven(
      checks('MISC_CHECK › runs its program as the account that it names, else as script_user says'),
      misc('the exit status › %i with misc_dynamic %s'),
      told(
        "MISC_CHECK with misc_dynamic › sets the weight, in keepalived's words, and a success without one leaves it",
      ),
    ),
    user: proven(
      checks('MISC_CHECK › runs its program as the account that it names, else as script_user says'),
      programs('MISC_CHECK › runs as its user, and as root where it has none'),
    ),
  },
  FILE_CHECK: {
    ...each(['retry', 'delay_before_retry', 'warmup', 'delay_loop', 'attempt_timeout'], noTries),
    alpha: proven(
      alphaAndLoud,
      told(
        'FILE_CHECK › waits for the first reading of its file, so that a server that it takes down never begins in the table',
      ),
    ),
    log_all_failures: conditions['log_all_failures'] ?? proven(),
    track_file: proven(
      checks('FILE_CHECK › with %j has no file, and is dropped'),
      checks('FILE_CHECK › with %j means it'),
      followsFile,
    ),
    weight: proven(
      checks('FILE_CHECK › with %j means it'),
      file('with a weight › the number %i times %i (reverse %s) adds %i'),
      told('FILE_CHECK › with a weight adds the product to the weight of the server, and 0 is the least'),
    ),
  },
  BFD_CHECK: {
    name: proven(
      checks('BFD_CHECK › follows a session that checks may follow'),
      reading('a BFD_CHECK is up while its session is'),
      told('BFD_CHECK follows its session, and an unknown one says nothing'),
    ),
    alpha: proven(
      checks('BFD_CHECK › follows a session that checks may follow'),
      told('BFD_CHECK follows its session, and an unknown one says nothing'),
    ),
  },
};

const order = checks('a check › is one of several, in the order of the file');

/** For the blocks that the checkers stand in. */
export const probes = {
  host,
  blocks: {
    TCP_CHECK: proven(
      order,
      tcp('a server that accepts › is well, and sees an orderly end'),
      overTcp.connect,
    ),
    HTTP_GET: proven(defaults, streams('nginx › passes HTTP_GET in HTTP/%s')),
    SSL_GET: proven(namesTls, tls('a server with TLS › passes, though nobody vouches for its certificate')),
    SMTP_CHECK: checkers['SMTP_CHECK']?.['host'] ?? proven(),
    DNS_CHECK: checkers['DNS_CHECK']?.['type'] ?? proven(),
    MISC_CHECK: checkers['MISC_CHECK']?.['misc_path'] ?? proven(),
    UDP_CHECK: checkers['UDP_CHECK']?.['require_reply'] ?? proven(),
    PING_CHECK: proven(order, ping('a server › that answers is well, then and at the next request')),
    FILE_CHECK: checkers['FILE_CHECK']?.['track_file'] ?? proven(),
    BFD_CHECK: checkers['BFD_CHECK']?.['name'] ?? proven(),
  },
} as const;
