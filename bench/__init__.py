"""The benchmarks: what Parley's server does under load, beside peers measured in the same run (`python -m bench`)."""
