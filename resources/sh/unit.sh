# bulkhead unit: runs one application, stays until it ended, and writes its exit status to file descriptor 3.
# Arguments: the application's argv. Leader of its own session and group; standard output and error are the log file.
umask 0002
# A signal to the group is meant for the application. A handler (unlike "ignore") is reset in the child.
trap : HUP INT QUIT USR1 USR2 ALRM TERM
# The shell's own remarks ("Terminated") do not belong in the application's log.
exec 4>&2 2>/dev/null
# In the foreground: a background child of a non-interactive shell would start with SIGINT and SIGQUIT ignored.
(exec "$@" 2>&4 3>&- 4>&-)
code=$?
# One short write: a reader finds nothing or everything.
echo "$code" >&3
exit "$code"
