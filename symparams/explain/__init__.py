"""Why a network has as many parameters as it has."""
