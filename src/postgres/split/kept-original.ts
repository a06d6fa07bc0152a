const told = 'as it was before "bulkhead db split"';

/** The comment of the database that a finished split keeps. */
export function keptMark(name: string): string {
  return `The database ${name} ${told}. Nothing uses it. Remove it with: bulkhead db split --finish; go back to it with: bulkhead db split --undo`;
}

/** Whether a database is what a split keeps, by its comment. */
export function isKeptOriginal({ comment }: { readonly comment: string | undefined }): boolean {
  return comment?.includes(told) === true;
}
