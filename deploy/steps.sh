# shellcheck shell=bash
# Steps that install, upgrade, publish, backup and restore share. Each function below is one step: it runs in a subshell that stops
# at the first error, and prints the reason. None prints a secret.

SETTINGS=/etc/rights-line
VERSIONS=/opt/rights-line
LOG=/var/log/rights-line-install.log
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
RUN_FILES=(LICENSE Makefile README.md app.py deploy hatch_build.py pyproject.toml rights_line
    scripts/install-apt scripts/install-uv uv.lock)
TEXTS=(content locales)
UNITS=/etc/systemd/system
DOWN_PAGE=$SETTINGS/down.txt

# --- Report ----------------------------------------------------------------------------------------------------------

# Usage: step NAME COMMAND [ARGUMENT...]. Print OK, or FAIL with what the command printed, and return its exit code. Not
# after `if`, or before `&&` or `||`: there bash ignores `set -e`, and a step would go on after an error.
step() {
    local name=$1 output code
    shift
    printf '%-62s ' "$name"
    output=$(set -e; umask 022; "$@" 2>&1)
    code=$?
    { printf '== %s: %s\n' "$(date +%FT%T)" "$name"; printf '%s\n' "$output"; } >>"$LOG"
    if [ $code = 0 ]; then
        echo OK
        grep 'stays as it is' <<<"$output" | sed 's/^/    /'
        return 0
    fi
    echo FAIL
    printf '%s\n' "$output" | tail -n 30 | sed 's/^/    /'
    echo "    The whole log: $LOG"
    return $code
}

# Usage: must NAME COMMAND [ARGUMENT...]. The same, and end the script at a failure.
must() {
    local code
    step "$@"
    code=$?
    [ $code = 0 ] || { echo "Stopped. Correct this, and run $0 again."; exit 1; }
}

reason() { echo "$*"; return 1; }

needs_installed_line() {
    [ "$EUID" = 0 ] && [ -e $SETTINGS/installed ] ||
        { echo 'Run this as root, on a machine where deploy/install has said that the line is running.'; exit 1; }
}

# --- The machine -----------------------------------------------------------------------------------------------------

# Usage: port_is_free PORT NAME... Fail if a program other than those named listens on the port.
port_is_free() {
    local allowed=" ${*:2} " owner
    for owner in $(ss -ltnpH "sport = :$1" | sed -n 's/.*users:(("\([^"]*\)",pid=\([0-9]*\).*/\1,\2/p'); do
        [[ $allowed = *" ${owner%,*} "* ]] ||
            reason "Port $1 is taken by ${owner%,*} (process ${owner#*,}). The line needs it: stop that program for good."
    done
}

ports_are_free() {
    port_is_free 80 "$PROXY"
    port_is_free 443 "$PROXY"
    port_is_free 8000 systemd rights-line
    port_is_free 6379 "$REDIS-server"
}

# Usage: install_packages NAME... Install these packages, and those that every step needs.
install_packages() {
    export DEBIAN_FRONTEND=noninteractive
    set -- ca-certificates iproute2 make openssl python3-venv "$@"
    if ! dpkg-query -W -f '${Status}\n' "$@" 2>/dev/null | grep -c '^install ok installed' | grep -qx $#; then
        apt-get -q update
        apt-get -q install -y --no-install-recommends "$@"
    fi
}

make_user() {
    id rights-line >/dev/null 2>&1 || useradd --system --user-group --no-create-home --shell /usr/sbin/nologin rights-line
}

# --- Versions --------------------------------------------------------------------------------------------------------

# Usage: new_version SOURCE. Print the folder of the version that a checkout, a release or an installed version holds.
new_version() { if [ "$(dirname "$1")" = "$VERSIONS" ]; then echo "$1"; else echo "$VERSIONS/$(version_of "$1")"; fi; }

# Usage: version_of SOURCE. Print the version and eight digits of a hash of its files, so that no two are alike.
version_of() {
    local number hash
    cd "$1" || return 1
    number=$(sed -n 's/^version = "\(.*\)"$/\1/p' pyproject.toml)
    hash=$(find "${RUN_FILES[@]}" "${TEXTS[@]}" -type f -not -path '*/__pycache__/*' -print0 |
        LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum)
    echo "$number-${hash:0:8}"
}

# Usage: build SOURCE FOLDER. Copy a checkout or release, and install exactly what uv.lock names.
build() {
    if [ "$1" != "$2" ]; then
        mkdir -p "$2/upstream"
        (cd "$1" && cp -r --parents --preserve=mode,timestamps "${RUN_FILES[@]}" "$2")
        (cd "$1" && cp -r --preserve=mode,timestamps "${TEXTS[@]}" "$2/upstream")
    fi
    chmod -R u=rwX,go=rX "$2"
    "$2/.venv/bin/python" -c 'import rights_line.cli.service_commands' 2>/dev/null || rm -rf "$2/.venv"
    export UV_COMPILE_BYTECODE=1  # the line cannot write it here
    make -sC "$2" .venv/runs PYTHON=/usr/bin/python3
    if [ -e "$VERSIONS/current/.venv/prints" ]; then make -sC "$2" .venv/prints; fi  # `make print-tools` made it
    "$2/.venv/bin/python" -m compileall -q "$2/rights_line"
}

# The operator's texts are in local/, where they are edited, and in served/ with the library that was built of them, which is
# what the line reads: a restart never sends an edit that was not published. Both keep upstream's texts of the last merge in
# .upstream.

# Usage: prepare_texts NEW [OPTION...]. Merge upstream's changes into both, and see whether NEW can serve them. The options
# are those of own_texts.py.
prepare_texts() {
    local python=$1/.venv/bin/python name
    mkdir -p "$SETTINGS"
    for name in local served; do
        rm -rf "$SETTINGS/$name.new"
        if [ -d "$SETTINGS/$name" ]; then
            "$python" "$1/deploy/own_texts.py" "$SETTINGS/$name" "$1/upstream" "$SETTINGS/$name.new" "${@:2}"
        elif [ $name = served ]; then
            copy_texts "$SETTINGS/local.new" "$SETTINGS/served.new"
        else
            cp -r "$1/upstream" "$SETTINGS/local.new"
            cp -r "$1/upstream" "$SETTINGS/local.new/.upstream"
        fi
        chmod -R u=rwX,go=rX "$SETTINGS/$name.new"
    done
    build_texts "$1" "$SETTINGS/served.new"
}

# Usage: build_texts VERSION FOLDER. Check the texts of a folder, and build the library that the version serves of them.
build_texts() {
    rm -rf "$2/build"  # another version may have built it
    (set -a; [ ! -e "$SETTINGS/env" ] || . "$SETTINGS/env"; exec "$1/.venv/bin/python" "$1/deploy/check_line.py" "$2")
}

# Usage: copy_texts FROM TO. Copy the texts without the operator's repository, in place of what is there.
copy_texts() {
    rm -rf "$2"
    mkdir -p "$2"
    (cd "$1" && cp -r "${TEXTS[@]}" .upstream "$2")
    chmod -R u=rwX,go=rX "$2"
}

# Usage: take NAME... Replace folders by what was prepared beside them; those of before are kept, for the way back.
take() {
    local name
    for name in "$@"; do
        rm -rf "$SETTINGS/$name.old"
        if [ -d "$SETTINGS/$name" ]; then mv "$SETTINGS/$name" "$SETTINGS/$name.old"; fi
        mv "$SETTINGS/$name.new" "$SETTINGS/$name"
    done
}

# Usage: put_back NAME... Undo take.
put_back() {
    local name
    for name in "$@"; do
        rm -rf "$SETTINGS/$name.new"
        mv "$SETTINGS/$name" "$SETTINGS/$name.new"
        if [ -d "$SETTINGS/$name.old" ]; then mv "$SETTINGS/$name.old" "$SETTINGS/$name"; fi
    done
}

# The last five folders that served/ held before are in published/, each under the time until which it was published.

# Keep what `take served` has replaced.
keep_published() {
    local kept=$SETTINGS/published
    mkdir -p "$kept"
    mv "$SETTINGS/served.old" "$kept/$(date -u +%Y-%m-%dT%H.%M.%SZ)"
    find "$kept" -mindepth 1 -maxdepth 1 | sort -r | tail -n +6 | xargs -r rm -rf
}

# Print the newest of them; fail if there is none.
last_published() { find "$SETTINGS/published" -mindepth 1 -maxdepth 1 2>/dev/null | sort | tail -n 1 | grep .; }

# Usage: edit_published FOLDER KEPT. Move one of them into local/, beside the operator's repository; keep local/ as KEPT.
edit_published() {
    local new=$SETTINGS/local.new
    rm -rf "$new"
    cp -a "$SETTINGS/local" "$new"
    (cd "$new" && rm -rf "${TEXTS[@]}" .upstream)
    (cd "$1" && cp -r "${TEXTS[@]}" .upstream "$new")
    mv "$SETTINGS/local" "$2"
    mv "$new" "$SETTINGS/local"
    rm -rf "$1"
}

# Usage: senders VERSION [BEFORE] AFTER. Print what changes for senders between two folders, or what they get now.
senders() {
    (set -a; . "$SETTINGS/env"; exec "$1/.venv/bin/python" "$1/deploy/changes.py" "${@:2}")
}

# Print the TwiML that answers when the line cannot, for SMS and for calls. Any version can. With drafts it builds a library
# beside the texts, which in served/ would look like a change.
fallbacks() {
    local copy=$SETTINGS/fallbacks.new
    rm -rf "$copy"
    cp -a "$SETTINGS/served" "$copy"
    RIGHTS_LINE_TEXTS=$copy rights-line fallback
    RIGHTS_LINE_TEXTS=$copy rights-line fallback --voice
    rm -rf "$copy"
} 2>/dev/null

# Usage: say_new_fallbacks BEFORE. Print it if it has changed: cards hold the same numbers.
say_new_fallbacks() {
    local now
    now=$(fallbacks)
    [ "$1" = "$now" ] || printf '%s\n' 'Print the cards again, and put this into the fallbacks at the provider, for SMS and for calls:' "$now"
}

# Usage: point LINK FOLDER. Replace a symbolic link in one step.
point() { ln -sfn "$2" "$1.new" && mv -T "$1.new" "$1"; }

# Remove all versions but the current and the previous one.
remove_others() {
    local folder
    for folder in "$VERSIONS"/*-*/; do
        [ "$folder" -ef "$VERSIONS/current" ] || [ "$folder" -ef "$VERSIONS/previous" ] || rm -rf "$folder"
    done
}

# --- Start -----------------------------------------------------------------------------------------------------------

# Usage: activate FOLDER. Use the files of a version: units, proxy, the page for readers while the line is down.
activate() {
    point "$VERSIONS/current" "$1"
    install -m 755 "$1/deploy/rights-line" /usr/local/sbin/rights-line
    install -m 644 "$1"/deploy/systemd/rights-line* "$UNITS/"
    without_swap "$REDIS-server.service"
    without_swap "$PROXY.service"
    write_down_page
    keep_journal_short
    systemctl daemon-reload
    "configure_$PROXY" "$1/deploy"
    systemctl enable -q rights-line.socket rights-line.service rights-line-doctor.timer
    if [[ $CHANNELS = *twilio* ]]; then systemctl enable -q --now rights-line-purge.timer; fi
    systemctl start rights-line.socket rights-line-doctor.timer
    systemctl restart rights-line.service
}

# The page for readers while the line is down, with the numbers of the published texts.
write_down_page() {
    (set -a; . "$SETTINGS/env"; exec "$VERSIONS/current/.venv/bin/python" "$SOURCE/deploy/down_page.py" "$SETTINGS/served") >"$DOWN_PAGE.new"
    mv "$DOWN_PAGE.new" "$DOWN_PAGE"
}

# The journal tells when somebody wrote, so it is kept no longer than `rights-line report` needs: a quarter and a week.
keep_journal_short() {
    local file=/etc/systemd/journald.conf.d/rights-line.conf text
    text=$(printf '[Journal]\nMaxRetentionSec=100day\nMaxFileSec=1day\n')
    if [ "$(cat $file 2>/dev/null)" = "$text" ]; then return; fi
    mkdir -p "${file%/*}"
    printf '%s\n' "$text" >$file
    systemctl restart systemd-journald
}

# Usage: without_swap UNIT. Keep a service that holds requests or sessions in memory out of swap and core dumps.
without_swap() {
    mkdir -p "$UNITS/$1.d"
    printf '[Service]\nMemorySwapMax=0\nLimitCORE=0\n' >"$UNITS/$1.d/rights-line.conf"
}

configure_nginx() {
    rm -f /etc/nginx/sites-enabled/default
    sed -e "s,/etc/letsencrypt/live/line.example.org/fullchain.pem,$CERTIFICATE," \
        -e "s,/etc/letsencrypt/live/line.example.org/privkey.pem,$KEY," \
        -e "s,line\.example\.org,$HOST," "$1/nginx/rights-line.conf" >/etc/nginx/sites-enabled/rights-line.conf
    sed -i 's/worker_connections [0-9]*;/worker_connections 4096;/' /etc/nginx/nginx.conf
    echo 'worker_rlimit_nofile 10000;' >/etc/nginx/modules-enabled/rights-line.conf
    nginx -t
    systemctl enable -q nginx
    systemctl reload-or-restart nginx
}

configure_caddy() {
    local tls=''
    if [ -n "$CERTIFICATE" ]; then
        tls="tls $CERTIFICATE $KEY"
        setpriv --reuid=caddy --regid=caddy --init-groups test -r "$KEY" ||
            reason "Caddy runs as the user caddy, who must be able to read $KEY."
    fi
    sed -e "s,^\tTLS$,\t$tls," -e "s,line\.example\.org,$HOST," "$1/caddy/Caddyfile" >/etc/caddy/Caddyfile
    caddy validate --config /etc/caddy/Caddyfile --adapter caddyfile
    systemctl enable -q caddy
    systemctl restart caddy
}

# Send a signed test message through the public name, and say what is at fault if it does not come back.
probe() {
    local code=0 said
    (set -a; . "$SETTINGS/env"; exec "$VERSIONS/current/.venv/bin/python" "$VERSIONS/current/deploy/probe.py") || code=$?
    if [ $code != 0 ]; then
        said=$(journalctl -u rights-line _TRANSPORT=stdout --since -1min -o cat --no-pager -q | grep -v '^{' | tail -n 12 || :)
        [ -z "$said" ] || printf 'The line says:\n%s\n' "$said"
    fi
    return $code
}
