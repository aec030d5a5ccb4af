"""What the service offers, a folder for each area: operations, requests, answers, and the rules behind them."""
