/**
 * What `docker exec -i CONTAINER sh -c SCRIPT relay HOST PORT` runs inside a container: passes its stdin and stdout to and from
 * a port, with what images have (bash, Python, busybox's nc). Ends when either side does.
 *
 * It waits for its children: an orphan is adopted by the container's first process, and PostgreSQL's postmaster takes an
 * adopted process that a signal ended for one of its own that crashed, ends every session and recovers (seen on 17.12).
 */
export const relayScript = [
  `if command -v bash >/dev/null; then exec bash -c '
  exec 3<>"/dev/tcp/$1/$2" 4<&0 || exit 1
  cat <&3 & reader=$!
  cat <&4 >&3 & writer=$!
  wait -n
  kill $reader $writer 2>/dev/null
  wait
  exit 0' relay "$1" "$2"; fi`,
  `if command -v python3 >/dev/null; then exec python3 -c '
import os, select, socket, sys
line = socket.create_connection((sys.argv[1], int(sys.argv[2])))
while True:
    for ready in select.select([0, line], [], [])[0]:
        data = os.read(0, 65536) if ready == 0 else line.recv(65536)
        if not data:
            sys.exit(0)
        if ready == 0:
            line.sendall(data)
        else:
            while data:
                data = data[os.write(1, data):]' "$1" "$2"; fi`,
  `exec nc "$1" "$2"`,
].join("\n");
