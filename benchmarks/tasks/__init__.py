"""40 tasks in words for a model with the tools of this service; scripts decide by the project whether each was done."""
