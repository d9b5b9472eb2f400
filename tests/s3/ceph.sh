#!/bin/sh
# A Ceph object store of one monitor, one OSD and one gateway on loopback, for tests. Never for data.
#
#   ceph.sh start FOLDER GATEWAY_PORT MONITOR_PORT ACCESS_KEY SECRET_KEY    a new, empty store
#   ceph.sh stop FOLDER                                                     ends it, keeps FOLDER
#
# Needs Debian's radosgw, ceph-mon, ceph-osd and ceph-common; no manager: only statistics need one.
# A "day" of a lifecycle rule lasts DAY_SECONDS (2).
set -eu
folder=$2
config=$folder/ceph.conf

wait_for() { # seconds, then a command
  tries=$(($1 * 10))
  shift
  until "$@" >/dev/null 2>&1; do
    tries=$((tries - 1))
    [ "$tries" -gt 0 ] || { echo "Gave up waiting for: $*" >&2; tail -n 20 "$folder"/log/* >&2; exit 1; }
    sleep 0.1
  done
}

write_config() {
  cat >"$config" <<CONF
[global]
fsid = $1
mon_host = [v2:127.0.0.1:$2]
auth_cluster_required = none
auth_service_required = none
auth_client_required = none
# The gateway asks for an encrypted monitor session, which needs keys; there are none on loopback.
ms_mon_client_mode = crc secure
public_addr = 127.0.0.1
cluster_addr = 127.0.0.1
ms_bind_ipv6 = false
run_dir = $folder/run
pid_file = $folder/run/\$name.pid
admin_socket = $folder/run/\$name.sock
log_file = $folder/log/\$name.log
crash_dir = $folder/log
mon_cluster_log_file = $folder/log/cluster.log
# One of everything, small pools: they are made in a moment.
osd_pool_default_size = 1
osd_pool_default_min_size = 1
osd_pool_default_pg_num = 8
osd_pool_default_pgp_num = 8
osd_pool_default_pg_autoscale_mode = off
osd_crush_chooseleaf_type = 0
mon_allow_pool_size_one = true
mon_max_pg_per_osd = 1000

[mon]
mon_data = $folder/mon
mon_data_avail_crit = 1
mon_data_avail_warn = 2
auth_allow_insecure_global_id_reclaim = false
paxos_propose_interval = 0.05
paxos_min_wait = 0.01

[osd]
osd_data = $folder/osd
osd_objectstore = ${STORE:-bluestore}
osd_memory_target = 939524096
bluestore_block_size = 12884901888
bluestore_block_db_size = 0
bluestore_block_wal_size = 0

[client]
rgw_frontends = beast endpoint=127.0.0.1:$3
rgw_relaxed_s3_bucket_names = true
rgw_override_bucket_index_max_shards = 1
rgw_dynamic_resharding = false
rgw_enable_usage_log = false
rgw_data_log_num_shards = 1
rgw_usage_max_shards = 1
rgw_gc_max_objs = 1
rgw_lc_max_objs = 1
rgw_objexp_hints_num_shards = 1
rgw_lc_debug_interval = ${DAY_SECONDS:-2}
CONF
}

start() { # gateway port, monitor port, access key, secret key
  mkdir -p "$folder/run" "$folder/log" "$folder/mon" "$folder/osd"
  id=$(cat /proc/sys/kernel/random/uuid)
  write_config "$id" "$2" "$1"

  monmaptool --create --fsid "$id" --addv a "[v2:127.0.0.1:$2]" "$folder/monmap" >/dev/null
  ceph-mon -c "$config" -i a --mkfs --monmap "$folder/monmap"
  ceph-mon -c "$config" -i a
  wait_for 20 ceph -c "$config" --connect-timeout 2 osd stat

  id=$(cat /proc/sys/kernel/random/uuid)
  ceph -c "$config" osd new "$id" 0 >/dev/null
  ceph-osd -c "$config" -i 0 --mkfs --osd-uuid "$id" >/dev/null 2>>"$folder/log/mkfs.log"
  ceph-osd -c "$config" -i 0 >/dev/null 2>>"$folder/log/start.log"
  wait_for 30 sh -c "ceph -c '$config' osd stat | grep -q '1 up'"

  timeout 60 radosgw-admin -c "$config" user create --uid=tests --display-name=tests \
    --access-key="$3" --secret-key="$4" >/dev/null 2>>"$folder/log/start.log"
  timeout 60 radosgw -c "$config" -n client.gateway >/dev/null 2>>"$folder/log/start.log"
  wait_for 60 curl -sf -o /dev/null "http://127.0.0.1:$1/"
}

stop() {
  for name in client.gateway osd.0 mon.a; do
    [ -s "$folder/run/$name.pid" ] || continue # it never started
    kill -9 "$(cat "$folder/run/$name.pid")" 2>/dev/null || true
  done
}

case $1 in
  start) start "$3" "$4" "$5" "$6" ;;
  stop) stop ;;
esac
