/** keepalived.conf(5): track_interface, track_script and the like: what may follow a name. A word like one is mistyped. */
export const trackOptions: readonly string[] = ['weight', 'reverse', 'noreverse'];
