/** How it is called in a clone; all texts say so. In the package both are different: build/package.mjs. */
export const PROGRAM = './proctor';
/** Whether the verbs are there that need more of this project than the package has. */
export const IN_CLONE: boolean = true;
