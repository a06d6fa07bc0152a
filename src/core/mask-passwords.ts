/**
 * A log line without a password that an application generated and printed: Airflow 3's simple auth manager writes
 * `Password for user 'admin': ...` (simple_auth_manager.py, 3.0 to 3.3). It stays in the file that manager keeps.
 */
export function maskPasswords(line: string): string {
  return line.replace(/(Password for user '[^']*': )\S+/, "$1********");
}
