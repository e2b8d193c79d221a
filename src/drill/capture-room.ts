/**
 * tcpdump's options for room. With its own (256 KiB a packet, 2 MiB in all) it keeps eight packets until it runs again, and a
 * switch hands it as many copies of one advertisement as it has ports.
 */
export const captureRoom = ['-s', '2048', '-B', '8192'] as const;
