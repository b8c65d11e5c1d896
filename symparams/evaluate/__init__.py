"""IR to guarded closed forms: what each layer weighs and puts out, and the conditions under which that is so."""
