/** The files whose tests are named most. */
import { besideKeepalived, inFile } from './verdict.ts';

export const resolve = inFile('config-parser/resolve');
export const resolveGlobals = inFile('config-parser/resolve-vrrp-globals');
export const resolveNotify = inFile('config-parser/resolve-notify');
export const resolveStrict = inFile('config-parser/resolve-strict');
export const resolveTracking = inFile('config-parser/resolve-tracking');
export const resolveTransport = inFile('config-parser/resolve-transport');
export const resolveGroups = inFile('config-parser/resolve-sync-groups');
export const resolveHmac = inFile('config-parser/resolve-auth-hmac');
export const resolveLink = inFile('config-parser/resolve-virtual-link');
export const schemaGlobal = inFile('config-parser/schema-global');
export const schemaInstance = inFile('config-parser/schema-instance');
export const addressEntry = inFile('config-parser/address-entry');

export const arpKeywords = inFile('vrrp/keywords/gratuitous-arp');
export const electionKeywords = inFile('vrrp/keywords/election');
export const wireKeywords = inFile('vrrp/keywords/wire');
export const heldKeywords = inFile('vrrp/keywords/held');
export const trackedKeywords = inFile('vrrp/keywords/tracked');
export const globalKeywords = inFile('vrrp/keywords/globals');
export const routeKeywords = inFile('vrrp/keywords/routes');

export const stateMachine = inFile('vrrp/state-machine');
export const reception = inFile('vrrp/reception');
export const hmac = inFile('vrrp/authentication/hmac-trailer');
export const authenticationHeader = inFile('vrrp/authentication/authentication-header');
export const advertisementWriter = inFile('vrrp/authentication/advertisement-writer');
export const stories = inFile('simulation/stories');

export const scriptTracker = inFile('tracking/script-tracker');
export const fileTracker = inFile('tracking/file-tracker');
export const processTracker = inFile('tracking/process-tracker');
export const trackers = inFile('daemon/script-process/trackers');

export const notifications = inFile('notify/notifications-for');
export const notifier = inFile('daemon/script-process/notify/notifier');
export const namedPipes = inFile('daemon/script-process/notify/named-pipes');
export const pipeOwner = inFile('daemon/script-process/notify/pipe-owner');
export const mailQueue = inFile('daemon/script-process/notify/mail-queue');
export const lifecycle = inFile('daemon/script-process/notify/run-lifecycle-script');
export const commands = inFile('daemon/commands/prepare-command');

export const vrrpProcess = inFile('daemon/vrrp-process/vrrp-process');
export const lookout = inFile('daemon/vrrp-process/lookout');
export const notices = inFile('daemon/vrrp-process/notices');
export const socketPlace = inFile('daemon/vrrp-process/socket-place');
export const hostSetup = inFile('daemon/vrrp-process/host-setup');
export const hostInterfaces = inFile('daemon/vrrp-process/host-interfaces');
export const staticItems = inFile('daemon/vrrp-process/static-items');
export const announcements = inFile('daemon/vrrp-process/announcements');
export const instances = inFile('daemon/vrrp-process/instances');
export const virtualLinks = inFile('daemon/vrrp-process/virtual-links');
export const effects = inFile('daemon/vrrp-process/effects');

export const firewallText = inFile('kernel/firewall');
export const linkText = inFile('kernel/virtual-link');
export const netlinkAddress = inFile('kernel/netlink-address-options');

export const linksInKernel = inFile('integration/kernel/virtual-links');
export const firewallInKernel = inFile('integration/network/firewall');
export const addressesInKernel = inFile('integration/network/rtnetlink');
export const addressOptionsInKernel = inFile('integration/network/address-options');
export const routesInKernel = inFile('integration/network/routes');
export const tuningInKernel = inFile('integration/network/process-tuning');
export const announcerInKernel = inFile('integration/network/announcer');
export const disturbances = inFile('integration/network/disturbances');

const pairs = besideKeepalived('integration/network/protocols');
/** Every way of speaking VRRP, both directions of a failover. */
export const besideInPairs = pairs(
  'lb01 runs %s, lb02 runs %s › $name: the addresses go to lb02 by a stop and a crash, and come back',
);
const told = besideKeepalived('integration/network/notify-like-keepalived');
const both = 'two instances and a group that start, lose one to a reload and stop';
export const scriptsAsKeepalived = told(`${both} › run the scripts that keepalived runs, with its arguments`);
export const linesAsKeepalived = told(`${both} › write the lines that keepalived writes`);
export const mailsAsKeepalived = told(`${both} › send the mails that keepalived sends`);
export const bfdBesideKeepalived = besideKeepalived('integration/network/bfd');
export const bfdInKernel = inFile('integration/network/bfd');
