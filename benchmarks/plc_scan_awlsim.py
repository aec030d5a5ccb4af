x=None
def measured(n): return None
