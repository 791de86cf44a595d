#!/bin/bash
# Terraform, or $TERRAFORM_PROGRAM, for cdktf in the lab: what it writes to standard error is kept in $TERRAFORM_ERRORS, too. cdktf ends before it has
# passed on what Terraform says last, and after a long plan it is seconds behind: that is the error.
"${TERRAFORM_PROGRAM:-terraform}" "$@" 2> >(exec tee -a "$TERRAFORM_ERRORS" >&2)
status=$?
wait $!
exit "$status"
