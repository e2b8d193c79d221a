# Completion of holdfast for bash: put it into /etc/bash_completion.d/ or source it.
_holdfast() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}
  local words='' files='' command=${COMP_WORDS[1]}
  # bash takes --flag=value for three words.
  if [[ $current == '=' ]]; then current=''; elif [[ $previous == '=' ]]; then previous=${COMP_WORDS[COMP_CWORD-2]}; fi
  COMPREPLY=()
  if (( COMP_CWORD == 1 )); then
    mapfile -t COMPREPLY < <(compgen -W "run ctl plan realserver drill lint fmt explain config completion --help --version" -- "$current")
    return
  fi
  case "$command ${COMP_WORDS[2]}" in
    'ctl status') if (( COMP_CWORD > 2 )); then command='ctl status'; fi ;;
    'ctl failover') if (( COMP_CWORD > 2 )); then command='ctl failover'; fi ;;
    'ctl drain') if (( COMP_CWORD > 2 )); then command='ctl drain'; fi ;;
    'ctl resume') if (( COMP_CWORD > 2 )); then command='ctl resume'; fi ;;
    'ctl servers') if (( COMP_CWORD > 2 )); then command='ctl servers'; fi ;;
    'ctl drain-server') if (( COMP_CWORD > 2 )); then command='ctl drain-server'; fi ;;
    'ctl resume-server') if (( COMP_CWORD > 2 )); then command='ctl resume-server'; fi ;;
    'ctl reload') if (( COMP_CWORD > 2 )); then command='ctl reload'; fi ;;
    'realserver up') if (( COMP_CWORD > 2 )); then command='realserver up'; fi ;;
    'realserver down') if (( COMP_CWORD > 2 )); then command='realserver down'; fi ;;
    'realserver check') if (( COMP_CWORD > 2 )); then command='realserver check'; fi ;;
    'explain election') if (( COMP_CWORD > 2 )); then command='explain election'; fi ;;
    'config dump') if (( COMP_CWORD > 2 )); then command='config dump'; fi ;;
  esac
  case "$command" in
    'run')
      case "$previous" in
      -f|--use-file|-i|--config-id|-t|--config-test|--signum|-p|--pid|-r|--vrrp_pid|-c|--checkers_pid|-b|--bfd_pid|-u|--umask|--control-socket|--metrics|-g|--log-file|-S|--log-facility) files=1 ;;
      *)
        if [[ $current == -* ]]; then words="-f --use-file -i --config-id -e --all-config -t --config-test -d --dump-conf -n --dont-fork -P --vrrp -C --check -B --no_bfd --all -V --dont-release-vrrp -I --dont-release-ipvs -R --dont-respawn --ignore-sigint --signum -v --version -p --pid -r --vrrp_pid -c --checkers_pid -b --bfd_pid -u --umask --control-socket --metrics -l --log-console -D --log-detail -g --log-file -G --no-syslog -S --log-facility --help"; else words=""; fi ;;
      esac ;;
    'ctl')
      case "$previous" in
      *)
        if [[ $current == -* ]]; then words=" --help"; else words="status failover drain resume servers drain-server resume-server reload"; fi ;;
      esac ;;
    'ctl status')
      case "$previous" in
      --timeout|--control-socket) files=1 ;;
      *)
        if [[ $current == -* ]]; then words="--json --timeout --control-socket --watch --help"; else words=""; fi ;;
      esac ;;
    'ctl failover')
      case "$previous" in
      --timeout|--control-socket|--for|--reason) files=1 ;;
      *)
        if [[ $current == -* ]]; then words="--json --timeout --control-socket --all --for --reason --yes --help"; else words=""; fi ;;
      esac ;;
    'ctl drain')
      case "$previous" in
      --timeout|--control-socket|--for|--reason) files=1 ;;
      *)
        if [[ $current == -* ]]; then words="--json --timeout --control-socket --all --for --reason --yes --help"; else words=""; fi ;;
      esac ;;
    'ctl resume')
      case "$previous" in
      --timeout|--control-socket) files=1 ;;
      *)
        if [[ $current == -* ]]; then words="--json --timeout --control-socket --help"; else words=""; fi ;;
      esac ;;
    'ctl servers')
      case "$previous" in
      --timeout|--control-socket) files=1 ;;
      *)
        if [[ $current == -* ]]; then words="--json --timeout --control-socket --help"; else words=""; fi ;;
      esac ;;
    'ctl drain-server')
      case "$previous" in
      --timeout|--control-socket|--of|--for|--reason) files=1 ;;
      *)
        if [[ $current == -* ]]; then words="--json --timeout --control-socket --of --for --reason --wait --yes --help"; else words=""; fi ;;
      esac ;;
    'ctl resume-server')
      case "$previous" in
      --timeout|--control-socket|--of) files=1 ;;
      *)
        if [[ $current == -* ]]; then words="--json --timeout --control-socket --of --help"; else words=""; fi ;;
      esac ;;
    'ctl reload')
      case "$previous" in
      --timeout|--control-socket) files=1 ;;
      *)
        if [[ $current == -* ]]; then words="--json --timeout --control-socket --help"; else words=""; fi ;;
      esac ;;
    'plan')
      case "$previous" in
      --control-socket) files=1 ;;
      *)
        if [[ $current == -* ]]; then words="--json --control-socket --help"; else words=""; files=1; fi ;;
      esac ;;
    'realserver')
      case "$previous" in
      *)
        if [[ $current == -* ]]; then words=" --help"; else words="up down check"; fi ;;
      esac ;;
    'realserver up')
      case "$previous" in
      --mode) words="dr tun" ;;
      --record|--interface) files=1 ;;
      *)
        if [[ $current == -* ]]; then words="--json --record --mode --interface --print --persist --help"; else words=""; fi ;;
      esac ;;
    'realserver down')
      case "$previous" in
      --record) files=1 ;;
      *)
        if [[ $current == -* ]]; then words="--json --record --print --persist --help"; else words=""; fi ;;
      esac ;;
    'realserver check')
      case "$previous" in
      --mode) words="dr tun" ;;
      --record|--interface) files=1 ;;
      *)
        if [[ $current == -* ]]; then words="--json --record --mode --interface --help"; else words=""; fi ;;
      esac ;;
    'drill')
      case "$previous" in
      --kernel) words="auto host embedded" ;;
      --scenario|--scenario-file|--runs|--slo|--seed|--rate|--timeout|--daemon|--topology|-i|--config-id|--report|--json|--junit|--html|--compare|--for|--probe|--interface|--switchover|--control-socket|--steady|--hold|--peer-heard-within|--request-timeout) files=1 ;;
      *)
        if [[ $current == -* ]]; then words="--scenario --scenario-file --list-scenarios --runs --slo --seed --rate --timeout --daemon --topology -i --config-id --kernel --keep --report --json --junit --html --compare --live --watch --for --probe --interface --switchover --control-socket --yes --steady --hold --peer-heard-within --even-if-alone --request-timeout --help"; else words=""; files=1; fi ;;
      esac ;;
    'lint')
      case "$previous" in
      --profile) words="default strict compat" ;;
      --fail-on) words="error warn info" ;;
      --format) words="text concise json sarif github" ;;
      --color) words="auto always never" ;;
      -i|--config-id|--stdin-filename|--rule|--max-findings|-o|--output) files=1 ;;
      *)
        if [[ $current == -* ]]; then words="--pair --host -i --config-id -e --all-config --stdin-filename --profile --rule --list-rules --fail-on --fix --unsafe-fixes --diff --format --color --max-findings -o --output -q --quiet --verbose --help"; else words=""; files=1; fi ;;
      esac ;;
    'fmt')
      case "$previous" in
      --stdin-filename) files=1 ;;
      *)
        if [[ $current == -* ]]; then words="--check --diff --force --stdin-filename --help"; else words=""; files=1; fi ;;
      esac ;;
    'explain')
      case "$previous" in
      *)
        if [[ $current == -* ]]; then words="--list --help"; else words="$(holdfast explain --list 2>/dev/null)"; fi ;;
      esac ;;
    'explain election')
      case "$previous" in
      --at-once) files=1 ;;
      *)
        if [[ $current == -* ]]; then words="--json --at-once --help"; else words=""; files=1; fi ;;
      esac ;;
    'config')
      case "$previous" in
      *)
        if [[ $current == -* ]]; then words=" --help"; else words="dump"; fi ;;
      esac ;;
    'config dump')
      case "$previous" in
      --format) words="conf json" ;;
      -i|--config-id) files=1 ;;
      *)
        if [[ $current == -* ]]; then words="-i --config-id --format --help"; else words=""; files=1; fi ;;
      esac ;;
    'completion')
      case "$previous" in
      *)
        if [[ $current == -* ]]; then words=" --help"; else words="bash zsh fish"; fi ;;
      esac ;;
  esac
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
  if [[ -n $files && ${#COMPREPLY[@]} -eq 0 ]]; then
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(compgen -f -- "$current")
  fi
}
complete -F _holdfast holdfast
