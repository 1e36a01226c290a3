# shellcheck shell=bash
# Steps that deploy/install and deploy/upgrade share. Each function below is one step: it runs in a subshell that stops
# at the first error, and prints the reason. None prints a secret.

SETTINGS=/etc/rights-line
VERSIONS=/opt/rights-line
LOG=/var/log/rights-line-install.log
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
RUN_FILES=(LICENSE Makefile README.md app.py deploy pyproject.toml requirements.lock requirements-build.lock
    requirements-model.lock rights_line)
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
    if [ $code = 0 ]; then echo OK; return 0; fi
    echo FAIL
    printf '%s\n' "$output" | tail -n 12 | sed 's/^/    /'
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

# Usage: version_of SOURCE. Print the version and eight digits of a hash of its files, so that no two are alike.
version_of() {
    local number hash
    cd "$1" || return 1
    number=$(sed -n 's/^version = "\(.*\)"$/\1/p' pyproject.toml)
    hash=$(find "${RUN_FILES[@]}" "${TEXTS[@]}" -type f -not -path '*/__pycache__/*' -print0 |
        LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum)
    echo "$number-${hash:0:8}"
}

# Usage: build SOURCE FOLDER. Copy a checkout or release, and install exactly what requirements.lock and requirements-model.lock name.
build() {
    mkdir -p "$2/upstream"
    (cd "$1" && cp -r --preserve=mode,timestamps "${RUN_FILES[@]}" "$2")
    (cd "$1" && cp -r --preserve=mode,timestamps "${TEXTS[@]}" "$2/upstream")
    local name
    for name in "${TEXTS[@]}"; do ln -sfn "$SETTINGS/local/$name" "$2/$name"; done
    chmod -R u=rwX,go=rX "$2"
    "$2/.venv/bin/python" -c 'import rights_line.cli' 2>/dev/null || rm -rf "$2/.venv"
    make -sC "$2" .venv/runs PYTHON=/usr/bin/python3
    "$2/.venv/bin/python" -m compileall -q "$2/rights_line"
}

# Usage: prepare_texts NEW [FILE...]. Merge upstream's changes into the operator's own texts, and see whether NEW can serve
# them. The files named are kept as they are.
prepare_texts() {
    local python=$1/.venv/bin/python
    mkdir -p "$SETTINGS"
    rm -rf "$SETTINGS/local.new"
    if [ -d "$SETTINGS/local" ]; then
        "$python" "$1/deploy/own_texts.py" "$SETTINGS/local" "$1/upstream" "$SETTINGS/local.new" "${@:2}"
    else
        cp -r "$1/upstream" "$SETTINGS/local.new"
        cp -r "$1/upstream" "$SETTINGS/local.new/.upstream"
    fi
    chmod -R u=rwX,go=rX "$SETTINGS/local.new"
    "$python" "$1/deploy/check_texts.py" "$SETTINGS/local.new"
}

# Keep the texts of before in local.old, for the way back.
take_texts() {
    rm -rf "$SETTINGS/local.old"
    if [ -d "$SETTINGS/local" ]; then mv "$SETTINGS/local" "$SETTINGS/local.old"; fi
    mv "$SETTINGS/local.new" "$SETTINGS/local"
}

put_texts_back() {
    rm -rf "$SETTINGS/local.new"
    mv "$SETTINGS/local" "$SETTINGS/local.new"
    mv "$SETTINGS/local.old" "$SETTINGS/local"
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
    rights-line fallback --text >"$DOWN_PAGE.new"
    mv "$DOWN_PAGE.new" "$DOWN_PAGE"
    systemctl daemon-reload
    "configure_$PROXY" "$1/deploy"
    systemctl enable -q rights-line.socket rights-line.service rights-line-doctor.timer
    if [[ $CHANNELS = *twilio* ]]; then systemctl enable -q --now rights-line-purge.timer; fi
    systemctl start rights-line.socket rights-line-doctor.timer
    systemctl restart rights-line.service
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
probe() { (set -a; . "$SETTINGS/env"; exec "$VERSIONS/current/.venv/bin/python" "$VERSIONS/current/deploy/probe.py"); }
