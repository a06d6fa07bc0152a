#!/bin/sh
# Stands for a PostgreSQL client program (psql, pg_isready, createdb, ...) under its name. Reads from flags, connection
# string, PGHOST and PGPORT which server is meant, as libpq does, and starts the real program with that server's address
# on this machine. What a script writes, computes or reads from a file makes no difference to it.
#   BULKHEAD_CLIENTS      directory of the real programs
#   BULKHEAD_CLIENT_USER  the container's account, which is the role where none is named
#   addresses             beside this file's link: lines `NAME PORT HERE`, HERE on 127.0.0.1; `NAME - -` for a known name
set -u
program=${0##*/}
beside=${0%/*}

# HOST PORT -> $host, $port. As in a container a known name refuses the ports that nothing opens; port 1 does that here.
locate() {
  host=$1 port=${2:-5432}
  wanted=$(printf %s "$host" | tr '[:upper:]' '[:lower:]')
  is_known=
  while read -r name at here; do
    [ "$name" = "$wanted" ] || continue
    is_known=1
    if [ "$at" = "$port" ]; then
      host=127.0.0.1 port=$here
      return
    fi
  done <"$beside/addresses"
  if [ -n "$is_known" ]; then host=127.0.0.1 port=1; fi
}

# WORD -> $string: a connection string with the address of this machine behind it, where the last one counts; else WORD.
translate() {
  string=$1 host='' port=''
  case $1 in
    postgres://* | postgresql://*)
      rest=${1#*://}
      case $rest in *\?*) query="&${rest#*\?}" ;; *) query='' ;; esac
      authority=${rest%%[/?]*}
      host=${authority##*@}
      case $host in *:*) port=${host##*:} host=${host%:*} ;; esac
      case $query in *'&host='*) host=${query##*&host=} host=${host%%&*} ;; esac
      case $query in *'&port='*) port=${query##*&port=} port=${port%%&*} ;; esac
      [ -n "$host" ] || return 0
      locate "$host" "${port:-${PGPORT-}}"
      case $1 in *\?*) string="$1&host=$host&port=$port" ;; *) string="$1?host=$host&port=$port" ;; esac
      ;;
    [a-z]*=*)
      case " $1" in *' host='*) host=" $1" host=${host##* host=} host=${host%% *} ;; *) return 0 ;; esac
      case " $1" in *' port='*) port=" $1" port=${port##* port=} port=${port%% *} ;; esac
      host=${host#\'} port=${port#\'}
      locate "${host%\'}" "${port%\'}"
      string="$1 host=$host port=$port"
      ;;
  esac
}

# Short flags that take a value.
case $program in
  psql) valued=cdfvhpUFLoPRT ;;
  createdb) valued=DElOShpUT ;;
  createuser) valued=acghmpUv ;;
  pg_isready) valued=dhptU ;;
  pg_dump) valued=deEfFhjnNpStTUZ ;;
  pg_dumpall) valued=dEfhlpSU ;;
  pg_restore) valued=dfFhIjLnNpPStTU ;;
  vacuumdb) valued=dhjnNpPtU ;;
  reindexdb) valued=dhijpStU ;;
  clusterdb) valued=dhptU ;;
  *) valued=hpU ;;
esac

flag_host='' flag_port=''
left=$#
while [ "$left" -gt 0 ]; do
  word=$1
  shift
  left=$((left - 1))
  case $word in
    --host=*) flag_host=${word#*=} ;;
    --port=*) flag_port=${word#*=} ;;
    --dbname=* | --maintenance-db=*)
      translate "${word#*=}"
      set -- "$@" "${word%%=*}=$string"
      ;;
    --host | --port)
      [ "$left" -gt 0 ] || { set -- "$@" "$word"; break; }
      if [ "$word" = --host ]; then flag_host=$1; else flag_port=$1; fi
      shift
      left=$((left - 1))
      ;;
    --*) set -- "$@" "$word" ;;
    -?*)
      letters=${word#-} before=-
      while [ -n "$letters" ]; do
        letter=${letters%"${letters#?}"}
        letters=${letters#?}
        case $valued in
          *"$letter"*) ;;
          *)
            before=$before$letter
            [ -n "$letters" ] || set -- "$@" "$before"
            continue
            ;;
        esac
        if [ -z "$letters" ] && [ "$left" -eq 0 ]; then
          set -- "$@" "$before$letter"
          break
        fi
        value=$letters letters=''
        if [ -z "$value" ]; then
          value=$1
          shift
          left=$((left - 1))
        fi
        case $letter in
          h | p)
            [ "$before" = - ] || set -- "$@" "$before"
            if [ "$letter" = h ]; then flag_host=$value; else flag_port=$value; fi
            ;;
          d)
            translate "$value"
            set -- "$@" "$before$letter" "$string"
            ;;
          *) set -- "$@" "$before$letter" "$value" ;;
        esac
      done
      ;;
    *)
      translate "$word"
      set -- "$@" "$string"
      ;;
  esac
done

host=${flag_host:-${PGHOST-}} port=${flag_port:-${PGPORT-}}
case $host in
  # No server's socket is in the container of a client, unless a volume brings it there.
  '') host=$beside/../root/var/run/postgresql ;;
  /*) ;;
  *) locate "$host" "$port" ;;
esac
PGHOST=$host PGPORT=${port:-5432} PGUSER=${PGUSER-$BULKHEAD_CLIENT_USER}
export PGHOST PGPORT PGUSER
exec "$BULKHEAD_CLIENTS/$program" "$@"
