/** How it is called in a clone; all texts say so. */
export const PROGRAM = './proctor';
