"""Our own IATI for staff: what the rules of the standard say of it, and what to mend."""
