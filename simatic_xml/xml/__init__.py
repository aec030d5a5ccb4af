"""Convert bytes to element trees and back: encoding, safe parsing, TIA Portal's layout, and deviations from it."""
