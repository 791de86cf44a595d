#!/bin/sh
# Security updates install themselves. Docker's do not, since they restart every task, and nothing reboots the server
# unless a time for it was named.
# HOST_REBOOT_AT: when the server reboots, on a day on which it has to, for example 04:00. @default never
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

need_packages unattended-upgrades || exit 0

reboot='Unattended-Upgrade::Automatic-Reboot "false";'
[ -z "${HOST_REBOOT_AT:-}" ] || reboot="Unattended-Upgrade::Automatic-Reboot \"true\";
Unattended-Upgrade::Automatic-Reboot-Time \"$HOST_REBOOT_AT\";"

# Read after the distribution's own 20auto-upgrades and 50unattended-upgrades.
keep_file /etc/apt/apt.conf.d/52swarm-host "// Made by the stack \"host\".
APT::Periodic::Update-Package-Lists \"1\";
APT::Periodic::Unattended-Upgrade \"1\";
$reboot
Unattended-Upgrade::Package-Blacklist { \"^docker\"; \"^containerd\"; };"

# It restarts services whose libraries are new; with Docker every task would go.
if [ -d "$root/etc/needrestart/conf.d" ]; then
  # shellcheck disable=SC2016
  keep_file /etc/needrestart/conf.d/52-swarm-host.conf '# Made by the stack "host".
$nrconf{override_rc}{qr(^(docker|containerd)\.service$)} = 0;'
fi

keep_running apt-daily.timer
keep_running apt-daily-upgrade.timer
ok "security updates install themselves, but for Docker${HOST_REBOOT_AT:+; a reboot that they need is at $HOST_REBOOT_AT}"
