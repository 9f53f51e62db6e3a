module lapwing

go 1.26.0
