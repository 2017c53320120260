"""What many reports need and ten don't: parts on disk, the plan of a build, guarded workers, archives."""
